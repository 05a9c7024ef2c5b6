import { describe, expect, it } from 'vitest';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { addOne, ledger, ledgerStore, positionBench } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';
import { asMany, positionManyBench, transactionManyBench } from '../../../support/many-bench.ts';

const record = (partition: number, offset: number, more: Partial<BenchRecord> = {}): BenchRecord => ({
  partition,
  offset,
  id: `${partition}-${offset}`,
  ...more,
});

const pause = (clock: FakeClock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });

describe('a call of handleMany that waits', () => {
  it('goes at once when no unit can bring more', async () => {
    let calls = 0;
    const bench = transactionManyBench(() => {
      calls += 1;
    });
    await bench.invoke([record(0, 0)]);
    const answer = bench.start([record(0, 1), record(1, 1), record(2, 1)]);
    await bench.clock.settle();
    expect(calls).toBe(2);
    await bench.clock.runUntilSettled(answer);
  });

  it('goes after a few milliseconds when a unit that could bring more does not', async () => {
    const clock = new FakeClock();
    const startMs = clock.nowMs();
    const outage = startMs + 5_000;
    // Whoever fails cannot be claimed for a while.
    const store = ledgerStore({
      faults: (operation) => (operation === 'insert' && clock.nowMs() < outage ? 'cutBefore' : undefined),
    });
    const calledAt = new Map<string, number>();
    const bench = transactionManyBench(
      (given, { fail }) => {
        for (const one of given) {
          calledAt.set(at(one), clock.nowMs() - startMs);
          if (one.partition === 0) fail(one, new Error('not now'));
        }
      },
      { maxRecords: 2 },
      { store, clock },
    );
    await bench.invoke([record(0, 0), record(1, 0), record(1, 1), record(1, 2)]);
    expect(calledAt.get('orders-1@2')).toBeLessThan(100);
  });

  it('for its turn is not made when no time is left then', async () => {
    const called: string[] = [];
    const bench = transactionManyBench(
      async (given) => {
        called.push(...given.map(at));
        await pause(bench.clock, 27_500);
      },
      { maxRecords: 1, maxConcurrency: 1 },
    );
    expect(await bench.invoke([record(0, 0), record(1, 0)], 30_000)).toEqual({ undone: ['orders-1@0'] });
    expect(called).toEqual(['orders-0@0']);
    expect(bench.outcomes()).toMatchObject({ 'orders-1@0': 'notAttempted' });
  });

  it('for its turn has no records of a unit that was stopped meanwhile', async () => {
    const called: string[] = [];
    const bench = transactionManyBench(
      async (given, { effects }) => {
        called.push(...given.map(at));
        for (const one of given) {
          if (one.partition === 1) await pause(bench.clock, 1_000);
          else effects(one).check({ table: ledger, key: { id: 'none' }, condition: 'attribute_exists(id)' });
        }
      },
      { maxRecords: 1, maxConcurrency: 1, commit: 'prefix' },
    );
    expect(await bench.invoke([record(0, 0), record(0, 1), record(1, 0)])).toEqual({
      undone: ['orders-0@0', 'orders-0@1'],
    });
    expect(called).toEqual(['orders-0@0', 'orders-1@0']);
  });

  it('for its turn has no records whose Kafka key is held meanwhile, nor what is behind them', async () => {
    const called: string[][] = [];
    const bench = transactionManyBench(
      async (given, { fail }) => {
        called.push(given.map(at));
        for (const one of given) {
          if (one.partition === 0) fail(one, new UnprocessableRecordError('bad'));
          if (one.partition === 1) await pause(bench.clock, 1_000);
        }
      },
      { maxRecords: 2, maxConcurrency: 1, afterDeadLetter: 'holdKey' },
    );
    const a = { key: 'a' };
    const batch = [
      record(0, 0, a),
      record(0, 1, { key: 'x' }),
      record(1, 0, { key: 'b' }),
      record(1, 1, { key: 'y' }),
      record(2, 0, a),
      record(2, 1, { key: 'c' }),
    ];
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(called).toEqual([['orders-0@0', 'orders-0@1'], ['orders-1@0', 'orders-1@1'], ['orders-2@1']]);
    expect(bench.outcomes()).toMatchObject({ 'orders-2@0': 'deadLettered', 'orders-2@1': 'handled' });
  });
});

describe('handleMany in position mode', () => {
  const records = (first: number, count: number): BenchRecord[] =>
    Array.from({ length: count }, (_, index) => ({
      offset: first + index,
      timestamp: 1_700_000_000_000 + first + index,
    }));

  it('handles the rest again when another invocation has moved the position, also what was to be repeated', async () => {
    const store = ledgerStore();
    const other = positionBench(addOne, { commit: 'prefix' }, { store, seed: 2 });
    let calls = 0;
    const bench = positionManyBench(
      async (given, context) => {
        calls += 1;
        await asMany(addOne)(given, context);
        if (calls === 3) await pause(other.clock, 50);
        if (calls !== 2) return;
        await other.start(records(0, 7));
        throw new Error('not now');
      },
      { commit: 'prefix', maxRecords: 4 },
      { store, clock: other.clock },
    );
    expect(await bench.invoke(records(0, 10))).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual(Array.from({ length: 10 }, () => 1));
    expect(bench.outcomes()).toMatchObject({ 'orders-0@0': 'duplicate', 'orders-0@6': 'duplicate' });
  });

  it('handles what stands before a record that is out of order', async () => {
    const bench = positionManyBench(asMany(addOne));
    const answer = await bench.invoke([{ offset: 5 }, { offset: 3 }, { offset: 6 }]);
    expect(answer).toEqual({ undone: ['orders-0@3', 'orders-0@6'] });
    expect(Object.keys(bench.counts())).toEqual(['orders-0@5']);
  });
});
