import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { LeaseLostError } from '../../../../lib/core/errors/errors.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';
import { storeWith } from '../../../support/store-with.ts';

const record: BenchRecord = { offset: 0, id: 'order' };
const next: BenchRecord = { offset: 1, id: 'next' };

/** A handler that works until it is told to stop, and tells when and why. */
class Worker {
  abortedAtMs: number | undefined;
  reason: unknown;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  handle = async (_record: unknown, { signal }: { readonly signal: AbortSignal }): Promise<void> => {
    await new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        this.abortedAtMs = this.#clock.nowMs();
        this.reason = signal.reason;
        reject(signal.reason);
      });
    });
  };
}

function lasting(clock: FakeClock, ms: number): () => Promise<void> {
  return () => new Promise<void>((resolve) => clock.schedule(ms, resolve));
}

describe('a lease', () => {
  it('is renewed while a slow handler runs, and never seems over to others', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const bench = new HandlerBench(lasting(clock, 20_000), { leaseMs: 3_000 }, { clock, store });
    const answer = bench.start(lambdaEvent([record]));
    for (let second = 0; second < 19; second += 1) {
      await clock.advance(1_000);
      expect(store.peek(keyOf(record))?.leaseUntilMs).toBeGreaterThan(clock.nowMs());
    }
    expect(await clock.runUntilSettled(answer)).toEqual({ undone: [] });
    expect(store.count('renew').items).toBeGreaterThanOrEqual(6);
  });

  it('is not renewed any more once there is an answer', async () => {
    const bench: HandlerBench = new HandlerBench(
      (of) => (of.offset === 0 ? lasting(bench.clock, 8_000)() : Promise.reject(new Error('not now'))),
      { leaseMs: 1_000 },
    );
    await bench.invoke([record, { ...next, partition: 1 }]);
    expect(bench.clock.pending).toBe(0);
    const renewals = bench.store.count('renew').calls;
    await bench.clock.advance(60_000);
    expect(bench.store.count('renew').calls).toBe(renewals);
  });

  it.each([
    [60_000, 30_000, 20_000],
    [60_000, 5_000, 5_000],
    [3_000, 30_000, 1_000],
  ])('with %i ms left and leaseMs %i lasts %i ms', async (remainingMs, leaseMs, lastsMs) => {
    const bench: HandlerBench = new HandlerBench(
      () => {
        const marker = bench.store.peek(keyOf(record));
        expect(marker?.leaseUntilMs).toBe(bench.clock.nowMs() + lastsMs);
      },
      { leaseMs },
    );
    expect(await bench.invoke([record], remainingMs)).toEqual({ undone: [] });
  });

  it('never goes past the deadline, after which its owner cannot act', async () => {
    const clock = new FakeClock();
    const leases: number[] = [];
    const store = new MemoryStore();
    const worker = new Worker(clock);
    const bench = new HandlerBench(worker.handle, { leaseMs: 6_000 }, { clock, store });
    const deadlineMs = clock.nowMs() + 20_000;
    const answer = bench.start(lambdaEvent([record]), 20_000);
    for (let second = 0; second < 18; second += 1) {
      await clock.advance(1_000);
      leases.push(store.peek(keyOf(record))?.leaseUntilMs ?? 0);
    }
    expect(await clock.runUntilSettled(answer)).toEqual({ undone: ['orders-0@0'] });
    expect(Math.max(...leases)).toBe(deadlineMs);
    expect(leases.at(-1)).toBe(deadlineMs);
  });

  it('is cut at the deadline when a renewal of full length would go past it', async () => {
    const clock = new FakeClock();
    const deadlineMs = clock.nowMs() + 60_000;
    let leaseUntilMs = 0;
    const bench: HandlerBench = new HandlerBench(
      async () => {
        await lasting(clock, 50_000)();
        leaseUntilMs = bench.store.peek(keyOf(record))?.leaseUntilMs ?? 0;
      },
      {},
      { clock },
    );
    expect(await bench.invoke([record], 60_000)).toEqual({ undone: [] });
    expect(leaseUntilMs).toBe(deadlineMs);
  });

  it('that another owner has taken aborts the handler with a LeaseLostError, and the record is undone', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const worker = new Worker(clock);
    const bench = new HandlerBench(worker.handle, { leaseMs: 3_000 }, { clock, store });
    const answer = bench.start(lambdaEvent([record, next]));
    await clock.advance(500);
    const stolen = store.peek(keyOf(record));
    if (stolen === undefined) throw new Error('there is no claim');
    store.poke(keyOf(record), { ...stolen, owner: 'somebody else', fence: stolen.fence + 1 });
    expect(await clock.runUntilSettled(answer)).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(worker.reason).toBeInstanceOf(LeaseLostError);
    expect(store.peek(keyOf(record))?.owner).toBe('somebody else');
    expect(bench.observations.filter(({ type }) => type === 'leaseLost')).toHaveLength(1);
  });

  it.each(['throttle', 'cutBefore'] as const)(
    'that cannot be renewed (%s) aborts the handler before it ends, so before anybody may take over',
    async (fault) => {
      const clock = new FakeClock();
      const store = new MemoryStore({ faults: (operation) => (operation === 'renew' ? fault : undefined) });
      const worker = new Worker(clock);
      const bench = new HandlerBench(worker.handle, { leaseMs: 3_000 }, { clock, store });
      const leaseUntilMs = clock.nowMs() + 3_000;
      expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
      expect(worker.reason).toBeInstanceOf(LeaseLostError);
      expect(worker.abortedAtMs).toBeLessThan(leaseUntilMs);
      expect(worker.abortedAtMs).toBeGreaterThan(leaseUntilMs - 1_500);
    },
  );

  it('that was given back while a renewal was on its way is not told as lost', async () => {
    const clock = new FakeClock();
    let failed = false;
    const store = new MemoryStore({
      delay: (operation) =>
        operation === 'renew' && !failed ? new Promise<void>((resolve) => clock.schedule(400, resolve)) : undefined,
    });
    const bench = new HandlerBench(
      async ({ offset }) => {
        await lasting(clock, offset === 0 ? 1_200 : 5_000)();
        if (offset !== 0) return;
        failed = true;
        throw new Error('not now');
      },
      { leaseMs: 3_000, ordering: 'none' },
      { clock, store },
    );
    expect(await bench.invoke([record, next])).toEqual({ undone: ['orders-0@0'] });
    expect(store.count('renew').calls).toBeGreaterThan(0);
    expect(bench.observations.filter(({ type }) => type === 'leaseLost')).toEqual([]);
  });

  it('whose renewal hangs is lost in time too', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      delay: (operation) => (operation === 'renew' ? new Promise<void>(() => undefined) : undefined),
    });
    const worker = new Worker(clock);
    const bench = new HandlerBench(worker.handle, { leaseMs: 3_000 }, { clock, store });
    const leaseUntilMs = clock.nowMs() + 3_000;
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(worker.abortedAtMs).toBeLessThan(leaseUntilMs);
    expect(clock.pending).toBe(0);
  });

  it('whose renewal was carried out and not answered is kept', async () => {
    const clock = new FakeClock();
    let lost = 2;
    const store = new MemoryStore({
      faults: (operation) => {
        if (operation !== 'renew' || lost === 0) return undefined;
        lost -= 1;
        return 'cutAfter';
      },
    });
    const bench = new HandlerBench(lasting(clock, 9_000), { leaseMs: 3_000 }, { clock, store });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(lost).toBe(0);
  });

  it('that was lost does not make a finished effect undone while nobody has taken over', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ faults: (operation) => (operation === 'renew' ? 'throttle' : undefined) });
    const bench = new HandlerBench(lasting(clock, 9_000), { leaseMs: 3_000 }, { clock, store });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.observations.filter(({ type }) => type === 'leaseLost')).toHaveLength(1);
  });

  it('makes a record undone whose completion is refused, as somebody took over meanwhile', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ faults: (operation) => (operation === 'renew' ? 'throttle' : undefined) });
    const slow = new HandlerBench(lasting(clock, 9_000), { leaseMs: 3_000 }, { clock, store });
    const quick = new HandlerBench(() => undefined, { leaseMs: 3_000 }, { clock, store, seed: 2 });
    const answers = Promise.all([slow.start(lambdaEvent([record, next])), quick.start(lambdaEvent([record]))]);
    expect(await clock.runUntilSettled(answers)).toEqual([{ undone: ['orders-0@0', 'orders-0@1'] }, { undone: [] }]);
    expect(store.peek(keyOf(record))).toMatchObject({ status: 'COMPLETED', fence: 2 });
    expect(slow.handlings).toHaveLength(1);
  });

  it('that became old while the record waited is renewed before its handler starts', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const checked: number[] = [];
    const bench = new HandlerBench(
      (of) => {
        // The environment was frozen for a while: no timer has run.
        if (of.offset === 0) clock.setNowMs(clock.nowMs() + 2_900);
        else checked.push((store.peek(keyOf(next))?.leaseUntilMs ?? 0) - clock.nowMs());
      },
      { leaseMs: 3_000 },
      { clock, store },
    );
    expect(await bench.invoke([record, next])).toEqual({ undone: [] });
    expect(checked).toEqual([3_000]);
  });

  it('that is over before the handler could start leaves the record busy, unstarted and uncounted', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ faults: (operation) => (operation === 'renew' ? 'throttle' : undefined) });
    const bench = new HandlerBench(
      lasting(clock, 5_000),
      { leaseMs: 3_000, maxConcurrency: 1, ordering: 'none' },
      { clock, store },
    );
    expect(await bench.invoke([record, next])).toEqual({ undone: ['orders-0@1'] });
    expect(bench.outcomes().get('orders-0@1')).toBe('busy');
    expect(bench.handlings.map(({ id }) => id)).toEqual(['order']);
    expect(store.peek(keyOf(next))).toBeUndefined();
  });

  it('whose renewal took until no time was left starts no handler', async () => {
    const clock = new FakeClock();
    let isSlow = false;
    const store = new MemoryStore({
      delay: (operation) =>
        operation === 'renew' && isSlow ? new Promise<void>((resolve) => clock.schedule(3_500, resolve)) : undefined,
    });
    const bench = new HandlerBench(
      async () => {
        await lasting(clock, 51_000)();
        clock.setNowMs(clock.nowMs() + 27_000);
        isSlow = true;
      },
      { leaseMs: 30_000, maxConcurrency: 1 },
      { clock, store },
    );
    expect(await bench.invoke([record, next], 90_000)).toEqual({ undone: ['orders-0@1'] });
    expect(bench.outcomes().get('orders-0@1')).toBe('notAttempted');
    expect(bench.handlings.map(({ id }) => id)).toEqual(['order']);
  });
});

describe('a lease that ran out while the process stood still', () => {
  /** The environment was frozen, or starved: the wall clock goes on, and no timer has run. */
  async function stall(clock: FakeClock, ms: number): Promise<void> {
    await clock.advance(100);
    clock.setNowMs(clock.nowMs() + ms);
  }

  it('is renewed rather than lost while nobody has taken over, and the handler goes on', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const bench = new HandlerBench(lasting(clock, 4_000), { leaseMs: 3_000 }, { clock, store });
    const answer = bench.start(lambdaEvent([record]), 60_000);
    await stall(clock, 10_000);
    expect(await clock.runUntilSettled(answer)).toEqual({ undone: [] });
    expect(bench.observations.filter(({ type }) => type === 'leaseLost')).toEqual([]);
    expect(bench.handlings).toHaveLength(1);
  });

  it('is renewed again when the answer to a renewal waited meanwhile', async () => {
    const clock = new FakeClock();
    const delaysMs = [550, 50, 50];
    const store = new MemoryStore({
      delay: (operation) => {
        const delayMs = operation === 'renew' ? (delaysMs.shift() ?? 0) : 0;
        return delayMs === 0 ? undefined : new Promise<void>((resolve) => clock.schedule(delayMs, resolve));
      },
    });
    const bench = new HandlerBench(lasting(clock, 4_000), { leaseMs: 3_000 }, { clock, store });
    const answer = bench.start(lambdaEvent([record]), 60_000);
    await clock.advance(1_100);
    expect(store.count('renew').calls).toBe(1);
    clock.setNowMs(clock.nowMs() + 10_000);
    expect(await clock.runUntilSettled(answer)).toEqual({ undone: [] });
    expect(bench.observations.filter(({ type }) => type === 'leaseLost')).toEqual([]);
  });

  it('is lost when somebody has taken over, and the handler is told at once', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const worker = new Worker(clock);
    const bench = new HandlerBench(worker.handle, { leaseMs: 3_000 }, { clock, store });
    const answer = bench.start(lambdaEvent([record]), 60_000);
    await stall(clock, 10_000);
    const stolen = store.peek(keyOf(record));
    if (stolen === undefined) throw new Error('there is no claim');
    store.poke(keyOf(record), { ...stolen, owner: 'somebody else', fence: stolen.fence + 1 });
    const awakeAtMs = clock.nowMs();
    expect(await clock.runUntilSettled(answer)).toEqual({ undone: ['orders-0@0'] });
    expect(worker.reason).toBeInstanceOf(LeaseLostError);
    expect(worker.abortedAtMs).toBeLessThanOrEqual(awakeAtMs + 500);
    expect(store.peek(keyOf(record))?.owner).toBe('somebody else');
  });

  it.each(['throttle', 'cutBefore'] as const)(
    'is lost at the next look if the store does not answer (%s)',
    async (fault) => {
      const clock = new FakeClock();
      const store = new MemoryStore({ faults: (operation) => (operation === 'renew' ? fault : undefined) });
      const worker = new Worker(clock);
      const bench = new HandlerBench(worker.handle, { leaseMs: 3_000 }, { clock, store });
      const answer = bench.start(lambdaEvent([record]), 60_000);
      await stall(clock, 10_000);
      const awakeAtMs = clock.nowMs();
      expect(await clock.runUntilSettled(answer)).toEqual({ undone: ['orders-0@0'] });
      expect(worker.reason).toBeInstanceOf(LeaseLostError);
      expect(worker.abortedAtMs).toBeLessThanOrEqual(awakeAtMs + 1_000);
    },
  );

  it('is not renewed past the deadline of the invocation', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const worker = new Worker(clock);
    const bench = new HandlerBench(worker.handle, { leaseMs: 3_000 }, { clock, store });
    const answer = bench.start(lambdaEvent([record]), 60_000);
    await stall(clock, 70_000);
    expect(await clock.runUntilSettled(answer)).toEqual({ undone: ['orders-0@0'] });
    expect(store.count('renew').calls).toBe(0);
  });
});

describe('a completion', () => {
  it('supersedes renewals: none is sent for a key whose completion is on its way', async () => {
    const clock = new FakeClock();
    let completing = false;
    let crossed = 0;
    const store = new MemoryStore({
      delay: (operation) => {
        if (operation === 'renew' && completing) crossed += 1;
        if (operation !== 'complete') return undefined;
        completing = true;
        return new Promise<void>((resolve) => clock.schedule(5_000, resolve));
      },
      faults: (operation) => {
        if (operation === 'complete') completing = false;
        return undefined;
      },
    });
    const bench = new HandlerBench(lasting(clock, 2_000), { leaseMs: 9_000, completionLag: 1 }, { clock, store });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(crossed).toBe(0);
  });

  it('that overtakes a renewal is no lost lease', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      delay: (operation) =>
        operation === 'renew' ? new Promise<void>((resolve) => clock.schedule(1_000, resolve)) : undefined,
    });
    const slowlyAnswered = storeWith(
      {
        complete: async (completions, call) => {
          const results = await store.complete(completions, call);
          await new Promise<void>((resolve) => clock.schedule(1_200, resolve));
          return results;
        },
      },
      store,
    );
    // The renewal is sent after one second and arrives after two, when the completion is written but not answered.
    const bench = new HandlerBench(lasting(clock, 1_100), { leaseMs: 3_000, store: slowlyAnswered }, { clock });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(store.count('renew').calls).toBe(1);
    expect(bench.observations.filter(({ type }) => type === 'leaseLost')).toEqual([]);
  });
});
