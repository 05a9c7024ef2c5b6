import { describe, expect, it } from 'vitest';
import { addOne } from '../../../support/effect-bench.ts';
import { at, type BenchKafkaRecord, type BenchRecord } from '../../../support/handler-bench.ts';
import {
  asMany,
  type HandleMany,
  markManyBench,
  positionManyBench,
  transactionManyBench,
} from '../../../support/many-bench.ts';

function records(count: number, partitions = 1): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ partition: offset % partitions, offset, id: `id-${offset}` }));
}

/** Adds one for each record, and notes what it was called with. */
function noting(): { readonly calls: string[][]; readonly handleMany: HandleMany } {
  const calls: string[][] = [];
  return {
    calls,
    handleMany: async (given, context) => {
      calls.push(given.map(at));
      await asMany(addOne)(given, context);
    },
  };
}

const sizes = (calls: readonly (readonly string[])[]): number[] => calls.map((call) => call.length);

describe('calls of handleMany', () => {
  it.each(['each', 'prefix'] as const)('5 for 500 records of a partition in position mode, %s', async (commit) => {
    const { calls, handleMany } = noting();
    const bench = positionManyBench(handleMany, { commit });
    expect(await bench.invoke(records(500))).toEqual({ undone: [] });
    expect(sizes(calls)).toEqual([100, 100, 100, 100, 100]);
    expect(calls.flat()).toEqual(records(500).map((record) => `orders-0@${record.offset}`));
    expect(bench.store.count('commit').calls).toBe(commit === 'prefix' ? 6 : 10);
    expect(bench.store.count('readPositions').calls).toBe(1);
    expect(Object.values(bench.counts())).toEqual(Array.from({ length: 500 }, () => 1));
    expect(bench.clock.pending).toBe(0);
  });

  it('5 for 500 records without order in transaction mode, and 10 commits', async () => {
    const { calls, handleMany } = noting();
    const bench = transactionManyBench(handleMany, { ordering: 'none' });
    expect(await bench.invoke(records(500))).toEqual({ undone: [] });
    expect(sizes(calls)).toEqual([100, 100, 100, 100, 100]);
    expect(bench.store.count('commit').calls).toBe(10);
    expect(bench.store.count('read').calls).toBe(5);
  });

  it('have records of several partitions, those of each in order', async () => {
    const { calls, handleMany } = noting();
    const bench = transactionManyBench(handleMany, { maxRecords: 50 });
    expect(await bench.invoke(records(200, 4))).toEqual({ undone: [] });
    expect(sizes(calls)).toEqual([50, 50, 50, 50]);
    for (const partition of [0, 1, 2, 3]) {
      const offsets = calls.flat().filter((place) => place.startsWith(`orders-${partition}@`));
      expect(offsets).toEqual(Array.from({ length: 50 }, (_, index) => `orders-${partition}@${index * 4 + partition}`));
    }
  });

  it('have whole runs, of different partitions where they fit', async () => {
    const { calls, handleMany } = noting();
    const bench = transactionManyBench(handleMany);
    expect(await bench.invoke(records(120, 3))).toEqual({ undone: [] });
    expect(sizes(calls)).toEqual([80, 40]);
  });

  it('begin with fewer where the first record has failed before, and double', async () => {
    for (const manyBench of [transactionManyBench, positionManyBench]) {
      const { calls, handleMany } = noting();
      let isFirst = true;
      const bench = manyBench(
        async (given, context) => {
          await handleMany(given, context);
          if (isFirst) for (const record of given) context.fail(record, new Error('not now'));
        },
        { maxRecords: 16 },
      );
      await bench.invoke(records(40));
      isFirst = false;
      expect(await bench.invoke(records(40))).toEqual({ undone: [] });
      expect(sizes(calls)).toEqual([16, 4, 8, 16, 12]);
    }
  });

  it('look at no record again when they are repeated', async () => {
    let isFirst = true;
    const bench = transactionManyBench(async (given, context) => {
      if (isFirst) {
        isFirst = false;
        throw new Error('not now');
      }
      await asMany(addOne)(given, context);
    });
    expect(await bench.invoke(records(8))).toEqual({ undone: [] });
    expect(bench.store.count('read').calls).toBe(1);
  });

  it("commit a run before the next run of its unit starts under 'each'", async () => {
    const seen: number[] = [];
    const bench = transactionManyBench(
      async (given, context) => {
        seen.push(Object.keys(bench.counts()).length);
        await asMany(addOne)(given, context);
      },
      { maxRecords: 10 },
    );
    expect(await bench.invoke(records(30))).toEqual({ undone: [] });
    expect(seen).toEqual([0, 10, 20]);
  });

  it('take one of maxConcurrency, and more records while they wait for it', async () => {
    let running = 0;
    let most = 0;
    const calls: number[] = [];
    const bench = markManyBench(
      async (given) => {
        calls.push(given.length);
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => bench.clock.schedule(50, resolve));
        running -= 1;
      },
      { maxConcurrency: 2, maxRecords: 10 },
    );
    expect(await bench.invoke(records(60, 6))).toEqual({ undone: [] });
    expect(most).toBe(2);
    expect(calls).toEqual([10, 10, 10, 10, 10, 10]);
  });

  it('know of each record its key and attempts, and have a logger of the call', async () => {
    const keys = new Set<string>();
    const attempts: unknown[] = [];
    const bench = transactionManyBench((given, context) => {
      for (const record of given) {
        keys.add(context.idempotencyKey(record));
        attempts.push(context.attempts(record));
        context.fail(record, new Error('not now'));
      }
      context.logger.debug('called', { records: given.length });
      context.logger.info('called');
      context.logger.warn('called');
      context.logger.error('called');
      expect(context.lambdaContext?.getRemainingTimeInMillis()).toBeGreaterThan(0);
    });
    await bench.invoke(records(2, 2));
    await bench.invoke(records(2, 2));
    expect(keys.size).toBe(2);
    expect(attempts).toEqual([1, 1, 2, 2]);
  });

  it('take nobody for a record of theirs who is none', async () => {
    const errors: unknown[] = [];
    let other: BenchKafkaRecord | undefined;
    const bench = transactionManyBench(
      ([first], { effects, fail, idempotencyKey, attempts }) => {
        if (first === undefined) return;
        for (const use of [effects, fail, idempotencyKey, attempts]) {
          for (const stranger of [{ ...first }, other ?? { ...first }]) {
            try {
              Reflect.apply(use, undefined, [stranger]);
            } catch (error) {
              errors.push(String(error));
            }
          }
        }
        other = first;
      },
      { maxRecords: 1 },
    );
    expect(await bench.invoke(records(2))).toEqual({ undone: [] });
    expect(errors).toHaveLength(16);
    expect(errors[2]).toBe(
      'TypeError: fail: takes a record of this call of handleMany as it was given, not a copy or another one',
    );
  });

  it('get a list of their own', async () => {
    const bench = transactionManyBench(async (given, context) => {
      await asMany(addOne)(given, context);
      if (Array.isArray(given)) given.length = 0;
    });
    expect(await bench.invoke(records(3))).toEqual({ undone: [] });
    expect(Object.keys(bench.counts())).toHaveLength(3);
  });
});
