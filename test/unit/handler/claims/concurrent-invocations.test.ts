import { describe, expect, it } from 'vitest';
import { type BenchRecord, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';
import { MortalProcess } from '../../../support/mortal-process.ts';

function batchOf(from: number, to: number): BenchRecord[] {
  return Array.from({ length: to - from }, (_, at) => ({
    offset: from + at,
    id: from + at,
    partition: (from + at) % 3,
  }));
}

/** One handler whose calls take a while, so that invocations of it overlap. */
function slowBench(): HandlerBench {
  const bench: HandlerBench = new HandlerBench(() => new Promise<void>((resolve) => bench.clock.schedule(40, resolve)));
  return bench;
}

describe('invocations of one handler at a time in one process', () => {
  it('with disjoint batches do not touch each other', async () => {
    const bench = slowBench();
    const answers = [batchOf(0, 40), batchOf(40, 80)].map((batch) => bench.start(lambdaEvent(batch)));
    expect(await bench.clock.runUntilSettled(Promise.all(answers))).toEqual([{ undone: [] }, { undone: [] }]);
    expect(bench.handlings).toHaveLength(80);
    expect(bench.clock.pending).toBe(0);
  });

  it('with overlapping batches handle each record once', async () => {
    const bench = slowBench();
    const answers = [batchOf(0, 40), batchOf(20, 60), batchOf(0, 60)].map((batch) => bench.start(lambdaEvent(batch)));
    for (const answer of await bench.clock.runUntilSettled(Promise.all(answers)))
      expect(answer).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(60);
    expect(new Set(bench.handlings.map(({ id }) => id)).size).toBe(60);
    expect(bench.clock.pending).toBe(0);
  });

  it('each have their own time budget', async () => {
    const bench: HandlerBench = new HandlerBench(
      (_record, { signal }) =>
        new Promise<void>((resolve, reject) => {
          bench.clock.schedule(8_000, resolve);
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const short = bench.start(lambdaEvent(batchOf(0, 1)), 5_000);
    const long = bench.start(lambdaEvent(batchOf(1, 2)), 60_000);
    expect(await bench.clock.runUntilSettled(Promise.all([short, long]))).toEqual([
      { undone: ['orders-0@0'] },
      { undone: [] },
    ]);
  });

  it('go on when one of them throws for an event that is none', async () => {
    const bench = slowBench();
    const broken = bench.start({ records: 'none' });
    const whole = bench.start(lambdaEvent(batchOf(0, 10)));
    const [first, second] = await bench.clock.runUntilSettled(Promise.all([broken, whole]));
    expect(first).toHaveProperty('threw');
    expect(second).toEqual({ undone: [] });
  });

  it('share their confirmed completions', async () => {
    const bench = slowBench();
    await bench.invoke(batchOf(0, 30));
    const before = bench.store.count('insert').calls;
    const answers = [batchOf(0, 30), batchOf(0, 30)].map((batch) => bench.start(lambdaEvent(batch)));
    expect(await bench.clock.runUntilSettled(Promise.all(answers))).toEqual([{ undone: [] }, { undone: [] }]);
    expect(bench.store.count('insert').calls).toBe(before);
  });

  it('go on when the environment is frozen and thawed between them', async () => {
    const outer = slowBench();
    const process = new MortalProcess(outer.clock, outer.store);
    const bench = new HandlerBench(() => undefined, {}, { clock: outer.clock, store: outer.store, process, seed: 3 });
    expect(await bench.invoke(batchOf(0, 5))).toEqual({ undone: [] });
    process.freeze();
    await outer.clock.advance(600_000);
    process.thaw();
    expect(await bench.invoke(batchOf(3, 8))).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(8);
  });
});
