import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import {
  type BenchOptions,
  type BenchRecord,
  HandlerBench,
  idOf,
  lambdaEvent,
} from '../../../support/handler-bench.ts';
import { MortalProcess } from '../../../support/mortal-process.ts';

const shared = { leaseMs: 3_000, rememberedCompletions: 0 } satisfies BenchOptions;

function recordsOf(count: number, partition = 0): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ partition, offset, id: `${partition}/${offset}` }));
}

/** Environments of one function, each lost when its handler meets the record that ends a process. */
class Environments {
  readonly clock = new FakeClock();
  readonly store: MemoryStore;
  readonly deadLetters = new MemoryDeadLetters();
  readonly started: { readonly id: unknown; readonly others: number; readonly attempts: number | undefined }[] = [];
  readonly #options: BenchOptions;
  readonly #killer: unknown;
  #running = 0;
  #seed = 0;

  constructor(killer: unknown, options: BenchOptions = {}, store: MemoryStore = new MemoryStore()) {
    this.store = store;
    this.#killer = killer;
    this.#options = { ...shared, ...options };
  }

  /** Delivers the batch once in a new environment; `lost`: the process ended. */
  async deliver(batch: readonly BenchRecord[], kills = true): Promise<readonly string[] | 'lost'> {
    this.#seed += 1;
    this.#running = 0;
    const process = new MortalProcess(this.clock, this.store);
    const lost = Promise.withResolvers<'lost'>();
    const bench = new HandlerBench(
      async (record, { attempts }) => {
        const id = idOf(record.value);
        this.started.push({ id, others: this.#running, attempts });
        this.#running += 1;
        if (id === this.#killer && kills) {
          process.kill();
          lost.resolve('lost');
          return;
        }
        await new Promise<void>((resolve) => process.clock.schedule(50, resolve));
        this.#running -= 1;
      },
      this.#options,
      { clock: this.clock, store: this.store, deadLetters: this.deadLetters, process, seed: this.#seed },
    );
    const answer = await this.clock.runUntilSettled(
      Promise.race([bench.start(lambdaEvent(batch), 60_000), lost.promise]),
    );
    if (answer === 'lost') return answer;
    if ('threw' in answer) throw answer.threw;
    return answer.undone;
  }
}

describe('attempts', () => {
  it('of a handler that fails are counted over deliveries, until the record goes to the dead letters with the count', async () => {
    const bench = new HandlerBench(
      () => {
        throw new Error('not now');
      },
      { ...shared, maxAttempts: 3 },
    );
    const batch = recordsOf(1);
    expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@0'] });
    expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@0'] });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(bench.handlings.map(({ attempts }) => attempts)).toEqual([1, 2, 3]);
    expect(bench.handlings.map(({ fence }) => fence)).toEqual([1, 2, 3]);
    expect(bench.deadLetters.letters.map(({ reason, attempts }) => ({ reason, attempts }))).toEqual([
      { reason: 'attemptsExhausted', attempts: 3 },
    ]);
  });

  it('are not counted for a claim that is given back before its handler starts', async () => {
    let fails = true;
    const bench = new HandlerBench(
      () => {
        if (fails) throw new Error('not now');
      },
      { ...shared, maxAttempts: 3 },
    );
    const batch = recordsOf(4);
    for (let delivery = 0; delivery < 2; delivery += 1) await bench.invoke(batch);
    expect(batch.slice(1).map((record) => bench.store.peek(keyOf(record)))).toEqual([undefined, undefined, undefined]);
    fails = false;
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(bench.handlings.slice(2).map(({ attempts }) => attempts)).toEqual([3, 1, 1, 1]);
  });

  it('are kept where a claim on a marker with attempts is given back unstarted', async () => {
    const failing = new Set<unknown>(['0/1']);
    const bench = new HandlerBench((record) => {
      if (failing.has(idOf(record.value))) throw new Error('not now');
    }, shared);
    const batch = recordsOf(2);
    await bench.invoke(batch);
    failing.clear();
    failing.add('new');
    // Claimed behind a record that fails, the one with an attempt is given back.
    await bench.invoke([{ offset: 10, id: 'new' }, ...batch.slice(1)]);
    expect(bench.store.peek(keyOf({ offset: 1, id: '0/1' }))).toMatchObject({
      attempts: 1,
      owner: undefined,
      fence: 2,
    });
  });

  it('of a handler cut short by the end of the invocation are not counted, unless it had most of the time', async () => {
    const bench: HandlerBench = new HandlerBench(async (record, { signal }) => {
      if (idOf(record.value) === '0/0') await new Promise<void>((done) => bench.clock.schedule(15_000, done));
      else await new Promise<void>((_done, stop) => signal.addEventListener('abort', () => stop(signal.reason)));
    }, shared);
    expect(await bench.invoke(recordsOf(2), 20_000)).toEqual({ undone: ['orders-0@1'] });
    expect(bench.store.peek(keyOf({ offset: 1, id: '0/1' }))).toMatchObject({ attempts: 0, owner: undefined });
    expect(await bench.invoke(recordsOf(2).slice(1), 20_000)).toEqual({ undone: ['orders-0@1'] });
    expect(bench.store.peek(keyOf({ offset: 1, id: '0/1' }))).toMatchObject({ attempts: 1, owner: undefined });
  });
});

describe('after a crash', () => {
  it('what was claimed is handled alone, one by one, while the other records go ahead together', async () => {
    const environments = new Environments('0/0');
    expect(await environments.deliver([...recordsOf(3, 0), ...recordsOf(3, 1)])).toBe('lost');
    environments.started.length = 0;
    const undone = await environments.deliver([...recordsOf(3, 0), ...recordsOf(3, 1), ...recordsOf(3, 2)], false);
    expect(undone).toEqual([]);
    const alone = environments.started.filter(({ id }) => !String(id).startsWith('2/'));
    expect(alone.every(({ others }) => others === 0)).toBe(true);
    expect(environments.started.slice(0, 3).map(({ id }) => id)).toEqual(['2/0', '2/1', '2/2']);
  });

  it('nobody is handled again before lease and clock skew are over', async () => {
    const environments = new Environments('0/0', { clockSkewMs: 2_000 });
    await environments.deliver(recordsOf(1));
    const lostAtMs = environments.clock.nowMs();
    const started = environments.started.length;
    expect(await environments.deliver(recordsOf(1), false)).toEqual([]);
    expect(environments.started).toHaveLength(started + 1);
    expect(environments.clock.nowMs() - lostAtMs).toBeGreaterThan(3_000 + 2_000);
  });

  it('neighbours are not blamed: their attempts do not grow', async () => {
    const environments = new Environments('0/0', { maxAttempts: 2 });
    const batch = [...recordsOf(2, 0), ...recordsOf(2, 1)];
    let deliveries = 0;
    for (; deliveries < 10; deliveries += 1) if ((await environments.deliver(batch)) !== 'lost') break;
    const letters = environments.deadLetters.letters;
    expect(letters.map(({ record, reason }) => `${record.partition}@${record.offset} ${reason}`)).toEqual([
      '0@0 attemptsExhausted',
    ]);
    const neighbours = environments.started.filter(({ id }) => id !== '0/0');
    expect(neighbours.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('only crashes while alone exhaust the attempts; then the record is given up without being started', async () => {
    const environments = new Environments('0/0', { maxAttempts: 2 });
    const batch = recordsOf(2);
    expect(await environments.deliver(batch)).toBe('lost');
    expect(await environments.deliver(batch)).toBe('lost');
    expect(await environments.deliver(batch)).toBe('lost');
    const started = environments.started.filter(({ id }) => id === '0/0').length;
    expect(started).toBe(3);
    expect(await environments.deliver(batch)).toEqual([]);
    expect(environments.started.filter(({ id }) => id === '0/0')).toHaveLength(started);
    expect(environments.deadLetters.letters.map(({ reason }) => reason)).toEqual(['attemptsExhausted']);
  });

  it('exhausted attempts stay exhausted while the dead-letter sink is down', async () => {
    const environments = new Environments('0/0', { maxAttempts: 1 });
    const batch = recordsOf(1);
    expect(await environments.deliver(batch)).toBe('lost');
    environments.deadLetters.fault = 'refuse';
    expect(await environments.deliver(batch)).toEqual(['orders-0@0']);
    expect(await environments.deliver(batch)).toEqual(['orders-0@0']);
    environments.deadLetters.fault = undefined;
    expect(await environments.deliver(batch)).toEqual([]);
    expect(environments.started).toHaveLength(1);
    expect(environments.deadLetters.letters).toHaveLength(1);
  });
});

describe("with onUnknownOutcome: 'deadLetter'", () => {
  const once = { onUnknownOutcome: 'deadLetter', maxConcurrency: 2 } satisfies BenchOptions;

  it('nothing is claimed ahead of the handlers that can start', async () => {
    const claimed: number[] = [];
    const bench: HandlerBench = new HandlerBench(
      async () => {
        claimed.push(bench.store.keys().filter((key) => bench.store.peek(key)?.status === 'INPROGRESS').length);
        await new Promise<void>((resolve) => bench.clock.schedule(30, resolve));
      },
      { ...once, ordering: 'none', completionLag: 1 },
    );
    expect(await bench.invoke(recordsOf(20))).toEqual({ undone: [] });
    expect(Math.max(...claimed)).toBeLessThanOrEqual(2);
  });

  it('nor when they had to wait for a busy owner first', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const claimed: number[] = [];
    const batch = recordsOf(8);
    const other = new HandlerBench(
      (_record, { signal }) =>
        new Promise<void>((_done, stop) => signal.addEventListener('abort', () => stop(signal.reason))),
      { ordering: 'none', maxConcurrency: 8 },
      { clock, store, seed: 2 },
    );
    const bench = new HandlerBench(
      async () => {
        const inProgress = store.keys().filter((key) => store.peek(key)?.owner?.startsWith('seed1-'));
        claimed.push(inProgress.filter((key) => store.peek(key)?.status === 'INPROGRESS').length);
        await new Promise<void>((resolve) => clock.schedule(300, resolve));
      },
      { ...once, ordering: 'none', completionLag: 1 },
      { clock, store },
    );
    const otherPrefix = other.start(lambdaEvent(batch), 3_000);
    await clock.settle();
    const answers = await clock.runUntilSettled(Promise.all([otherPrefix, bench.start(lambdaEvent(batch), 60_000)]));
    expect(answers[1]).toEqual({ undone: [] });
    expect(claimed).toHaveLength(8);
    expect(Math.max(...claimed)).toBeLessThanOrEqual(2);
  });

  it('a record whose outcome is unknown goes to the dead letters without being handled', async () => {
    const environments = new Environments('0/0', once);
    const batch = recordsOf(3);
    expect(await environments.deliver(batch)).toBe('lost');
    expect(await environments.deliver(batch)).toEqual([]);
    expect(environments.started.map(({ id }) => id)).toEqual(['0/0', '0/1', '0/2']);
    expect(environments.deadLetters.letters.map(({ reason, record }) => [reason, record.offset])).toEqual([
      ['unknownOutcome', 0],
    ]);
    expect(await environments.deliver(batch)).toEqual([]);
    expect(environments.deadLetters.letters).toHaveLength(1);
  });

  it('it is never handled again while the dead-letter sink is down, however often it is delivered', async () => {
    const environments = new Environments('0/0', once);
    const batch = recordsOf(1);
    expect(await environments.deliver(batch)).toBe('lost');
    environments.deadLetters.fault = 'refuse';
    for (let delivery = 0; delivery < 3; delivery += 1) {
      expect(await environments.deliver(batch)).toEqual(['orders-0@0']);
    }
    expect(environments.started).toHaveLength(1);
    environments.deadLetters.fault = undefined;
    expect(await environments.deliver(batch)).toEqual([]);
    expect(environments.started).toHaveLength(1);
  });

  it('nor is another record of its ID, which goes to the dead letters too; redeliveries make no more letters', async () => {
    const environments = new Environments('0/0', once);
    const original: BenchRecord = { partition: 0, offset: 0, id: '0/0' };
    const producedAgain: BenchRecord = { partition: 0, offset: 1, id: '0/0' };
    expect(await environments.deliver([original])).toBe('lost');
    for (let delivery = 0; delivery < 3; delivery += 1) {
      await environments.clock.advance(6_000);
      expect(await environments.deliver([original, producedAgain], false)).toEqual([]);
    }
    expect(environments.started).toHaveLength(1);
    expect(environments.deadLetters.letters.map(({ record }) => record.offset)).toEqual([0, 1]);
  });

  it('nor when the answer to its takeover was lost until the time was over', async () => {
    let isLost = false;
    const store = new MemoryStore({
      faults: (operation) => (isLost && operation === 'takeOver' ? 'cutAfter' : undefined),
    });
    const environments = new Environments('0/0', once, store);
    const batch = recordsOf(1);
    expect(await environments.deliver(batch)).toBe('lost');
    isLost = true;
    expect(await environments.deliver(batch)).toEqual(['orders-0@0']);
    isLost = false;
    expect(await environments.deliver(batch)).toEqual([]);
    expect(environments.started).toHaveLength(1);
    expect(environments.deadLetters.letters.map(({ reason }) => reason)).toEqual(['unknownOutcome']);
  });
});
