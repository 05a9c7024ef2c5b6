import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchOptions, type BenchRecord, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';
import { MortalProcess } from '../../../support/mortal-process.ts';

const shared: BenchRecord = { offset: 0, id: 'shared' };
const behind: BenchRecord[] = [1, 2, 3].map((offset) => ({ offset, id: `behind ${offset}` }));

/** Two benches on one store and one clock; the first one's handler takes `slowMs`, the second one's no time. */
function twoBenches(slowMs: number, options: BenchOptions = {}) {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const process = new MortalProcess(clock, store);
  const slow = new HandlerBench(
    () => new Promise<void>((resolve) => process.clock.schedule(slowMs, resolve)),
    { leaseMs: 3_000, ...options },
    { clock, store, process },
  );
  const quick = new HandlerBench(() => undefined, { leaseMs: 3_000, ...options }, { clock, store, seed: 2 });
  return { clock, store, process, slow, quick };
}

describe('a record that another invocation works on', () => {
  it('is waited for, without holding claims of its unit, and is a duplicate then', async () => {
    const { clock, store, slow, quick } = twoBenches(10_000);
    const theirs = slow.start(lambdaEvent([shared]));
    await clock.settle();
    const ours = quick.start(lambdaEvent([shared, ...behind, { partition: 1, offset: 0, id: 'elsewhere' }]));
    await clock.advance(5_000);
    expect(behind.map((record) => store.peek(keyOf(record)))).toEqual([undefined, undefined, undefined]);
    expect(quick.handlings.map(({ id }) => id)).toEqual(['elsewhere']);
    expect(await clock.runUntilSettled(Promise.all([theirs, ours]))).toEqual([{ undone: [] }, { undone: [] }]);
    expect(quick.outcomes().get('orders-0@0')).toBe('duplicate');
    expect(quick.handlings.map(({ id }) => id)).toEqual(['elsewhere', 'behind 1', 'behind 2', 'behind 3']);
  });

  it('is handled here when the other gives up on it', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const failing = new HandlerBench(
      async () => {
        await new Promise<void>((resolve) => clock.schedule(4_000, resolve));
        throw new Error('not now');
      },
      {},
      { clock, store },
    );
    const quick = new HandlerBench(() => undefined, {}, { clock, store, seed: 2 });
    const theirs = failing.start(lambdaEvent([shared]));
    await clock.settle();
    const ours = quick.start(lambdaEvent([shared]));
    expect(await clock.runUntilSettled(Promise.all([theirs, ours]))).toEqual([
      { undone: ['orders-0@0'] },
      { undone: [] },
    ]);
    expect(quick.handlings.map(({ attempts, fence }) => ({ attempts, fence }))).toEqual([{ attempts: 2, fence: 2 }]);
  });

  it('is taken over when the other dies, once lease and clock skew are over', async () => {
    const { clock, process, slow, quick } = twoBenches(10_000);
    void slow.start(lambdaEvent([shared]));
    await clock.advance(1_000);
    process.kill();
    const diedAtMs = clock.nowMs();
    expect(await quick.invoke([shared, ...behind])).toEqual({ undone: [] });
    const [first] = quick.handlings;
    expect(first?.id).toBe('shared');
    expect((first?.startedAtMs ?? 0) - diedAtMs).toBeGreaterThan(2_000 + 2_000 - 1);
    expect(quick.observations.filter(({ type }) => type === 'leaseTakenOver')).toHaveLength(1);
  });

  it('is reported as busy when the time runs out, and what is behind it is held back', async () => {
    const { clock, slow, quick } = twoBenches(30_000);
    const theirs = slow.start(lambdaEvent([shared]));
    await clock.settle();
    const ours = await clock.runUntilSettled(quick.start(lambdaEvent([shared, ...behind]), 10_000));
    expect(ours).toEqual({ undone: ['orders-0@0', 'orders-0@1', 'orders-0@2', 'orders-0@3'] });
    expect([...quick.outcomes().values()]).toEqual(['busy', 'heldBack', 'heldBack', 'heldBack']);
    expect(await clock.runUntilSettled(theirs)).toEqual({ undone: [] });
  });

  it('is not asked for more often than every two seconds or so', async () => {
    const { clock, store, slow, quick } = twoBenches(50_000);
    const theirs = slow.start(lambdaEvent([shared]));
    await clock.settle();
    const ours = quick.start(lambdaEvent([shared]));
    await clock.runUntilSettled(Promise.all([theirs, ours]));
    expect(store.count('insert').calls).toBeLessThan(60);
  });
});

describe('two invocations that hold overlapping batches in opposite order', () => {
  it.each(['partition', 'key', 'none'] as const)("end well within their time, ordering '%s'", async (ordering) => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const records = Array.from({ length: 40 }, (_, at): BenchRecord => ({ offset: at, id: at }));
    const reversed = [...records].reverse().map((record, offset) => ({ ...record, partition: 1, offset }));
    const handle = () => new Promise<void>((resolve) => clock.schedule(100, resolve));
    const benches = [1, 2].map((seed) => new HandlerBench(handle, { ordering }, { clock, store, seed }));
    const startedAtMs = clock.nowMs();
    const answers = benches.map((bench, at) => bench.start(lambdaEvent(at === 0 ? records : reversed), 900_000));
    expect(await clock.runUntilSettled(Promise.all(answers))).toEqual([{ undone: [] }, { undone: [] }]);
    const handled = benches.flatMap((bench) => bench.handlings.map(({ id }) => id));
    expect([...handled].sort()).toEqual(records.map(({ id }) => id).sort());
    expect(clock.nowMs() - startedAtMs).toBeLessThan(30_000);
    expect(clock.pending).toBe(0);
  });

  it('and many partitions each share the work out', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const batch = Array.from({ length: 60 }, (_, at): BenchRecord => ({ partition: at % 6, offset: at, id: at }));
    const handle = () => new Promise<void>((resolve) => clock.schedule(50, resolve));
    const benches = [1, 2, 3].map((seed) => new HandlerBench(handle, {}, { clock, store, seed }));
    const answers = benches.map((bench) => bench.start(lambdaEvent(batch), 900_000));
    for (const answer of await clock.runUntilSettled(Promise.all(answers))) expect(answer).toEqual({ undone: [] });
    const handled = benches.flatMap((bench) => bench.handlings.map(({ id }) => id));
    expect(new Set(handled).size).toBe(60);
    expect(handled).toHaveLength(60);
  });
});
