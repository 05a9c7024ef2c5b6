import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { HandlerContext } from '../../../../lib/handler/handler-context.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchOptions, type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';
import { pause } from '../../../support/pause.ts';
import { storeWith } from '../../../support/store-with.ts';
import { liveClaim } from './claims-of-others.ts';

const record: BenchRecord = { offset: 0, id: 'order' };

/** Works until it is told to stop, and fails then; answers when that was. */
async function untilAborted({ signal }: HandlerContext, clock: FakeClock, aborted: number[]): Promise<never> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  aborted.push(clock.nowMs());
  throw new Error('stopped');
}

/** A handler whose claim another owner takes while it runs. */
function robbedBench(options: BenchOptions): { readonly bench: HandlerBench; readonly abortedAtMs: number[] } {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const abortedAtMs: number[] = [];
  const bench = new HandlerBench(
    async (_record, context) => {
      store.poke(keyOf(record), liveClaim(clock, 600_000));
      await untilAborted(context, clock, abortedAtMs);
    },
    options,
    { clock, store },
  );
  return { bench, abortedAtMs };
}

describe('a lease that another owner has taken', () => {
  it('aborts the handler at the first renewal that is refused, not at the end of the lease', async () => {
    const { bench, abortedAtMs } = robbedBench({ leaseMs: 30_000 });
    const startMs = bench.clock.nowMs();
    await bench.invoke([record], 600_000);
    expect(abortedAtMs).toHaveLength(1);
    expect(abortedAtMs[0]).toBeLessThanOrEqual(startMs + 15_000);
  });

  it('makes no dead letter of its record, which the other works on, though no attempts are left', async () => {
    const { bench } = robbedBench({ maxAttempts: 1 });
    expect(await bench.invoke([record], 600_000)).toEqual({ undone: ['orders-0@0'] });
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.observations.map(({ type }) => type)).not.toContain('deadLetterFailed');
    expect(bench.store.peek(keyOf(record))?.owner).toBe('another');
  });
});

describe('a claim ahead that another owner has taken', () => {
  it('starts no handler, though its lease would last by our clock', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const next: BenchRecord = { offset: 1, id: 'next' };
    const bench = new HandlerBench(
      () => pause(clock, 1_500),
      { leaseMs: 3_000, maxConcurrency: 1, ordering: 'none' },
      { clock, store },
    );
    clock.schedule(500, () => store.poke(keyOf(next), liveClaim(clock, 600_000)));
    expect(await bench.invoke([record, next])).toEqual({ undone: ['orders-0@1'] });
    expect(bench.handlings.map(({ id }) => id)).toEqual(['order']);
    expect(bench.outcomes().get('orders-0@1')).toBe('busy');
  });
});

describe('the lease of our own claim, met again after its answer was lost', () => {
  it('is the one in the store, not that of the write that met it', async () => {
    const clock = new FakeClock();
    const startMs = clock.nowMs();
    let inserts = 0;
    const store: MemoryStore = new MemoryStore({
      faults: (operation) => {
        if (operation === 'insert') inserts += 1;
        if (operation === 'renew') return 'throttle';
        return operation === 'insert' && inserts === 1 ? 'cutAfter' : undefined;
      },
    });
    const slowToFail = storeWith(
      {
        insert: async (claims, call) => {
          const results = await store.insert(claims, call);
          if (inserts === 1) await pause(clock, 6_000);
          return results;
        },
      },
      store,
    );
    const abortedAtMs: number[] = [];
    const bench = new HandlerBench(
      (_record, context) => untilAborted(context, clock, abortedAtMs),
      { leaseMs: 12_000, store: slowToFail },
      { clock },
    );
    await bench.invoke([record], 600_000);
    expect(bench.handlings).toHaveLength(1);
    expect(abortedAtMs).toHaveLength(1);
    expect(abortedAtMs[0]).toBeLessThanOrEqual(startMs + 12_000);
  });
});

describe('renewals', () => {
  it('are sent when a third of a lease has passed, not at each look', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(() => pause(clock, 300_000), {}, { clock });
    expect(await bench.invoke([record], 900_000)).toEqual({ undone: [] });
    expect(bench.store.count('renew').items).toBeGreaterThanOrEqual(15);
    expect(bench.store.count('renew').items).toBeLessThanOrEqual(31);
  });
});

describe('a lease that is lost while a dead letter is on its way', () => {
  it('ends the sending: whoever takes over may handle the record', async () => {
    const bench = new HandlerBench(
      () => {
        throw new UnprocessableRecordError('no use');
      },
      { leaseMs: 3_000 },
      {},
      { faults: (operation) => (operation === 'renew' ? 'throttle' : undefined) },
    );
    bench.deadLetters.fault = 'hang';
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke([{ offset: 0, id: 1 }])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(3_000);
    expect(bench.deadLetters.letters).toEqual([]);
  });

  it('before it begins: nothing is sent, whatever the sink would make of its signal', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      faults: (operation) => (operation === 'renew' ? 'throttle' : undefined),
      delay: (operation) => (operation === 'complete' ? pause(clock, 5_000) : undefined),
    });
    const sent: number[] = [];
    const bench = new HandlerBench(
      ({ offset }) => {
        if (offset === 1) throw new UnprocessableRecordError('no use');
      },
      {
        leaseMs: 3_000,
        afterDeadLetter: 'holdKey',
        deadLetters: { send: async (letter) => void sent.push(letter.record.offset) },
      },
      { clock, store },
    );
    // It waits for the completion of the first, to hold its Kafka key behind that.
    const batch = [0, 1].map((offset) => ({ offset, id: offset, key: 'a' }));
    expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@1'] });
    expect(sent).toEqual([]);
  });
});
