import { describe, expect, it } from 'vitest';
import type { ModeBench } from '../../../support/effect-bench.ts';
import { addOne } from '../../../support/effect-bench.ts';
import { asMany, type HandleMany, positionManyBench, transactionManyBench } from '../../../support/many-bench.ts';

const batch = Array.from({ length: 8 }, (_, offset) => ({ offset, id: `id-${offset}` }));
const undone = batch.map(({ offset }) => `orders-0@${offset}`);

/** Works for 3.6 s a call, and throws where it has any company; what it is called for is noted. */
function slowInCompany(bench: () => ModeBench, calls: number[]): HandleMany {
  return async (given, context) => {
    calls.push(given.length);
    if (given.length > 1) {
      await new Promise<void>((resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(context.signal.reason));
        bench().clock.schedule(3_600, resolve);
      });
      throw new Error('too much for me');
    }
    await asMany(addOne)(given, context);
  };
}

describe.each([
  ['transaction', transactionManyBench],
  ['position', positionManyBench],
] as const)('a call of handleMany that throws until no time is left, in mode %s', (_mode, manyBench) => {
  it('comes again with less company, also when the last one of an attempt began late', async () => {
    const calls: number[] = [];
    const bench: ModeBench = manyBench(
      slowInCompany(() => bench, calls),
      { maxAttempts: 3, maxRecords: 8 },
    );
    expect(await bench.invoke(batch, 10_000)).toEqual({ undone });
    expect(calls).toEqual([8, 4, 2]);
    expect(await bench.invoke(batch, 10_000)).not.toEqual({ undone });
    expect(calls.slice(3, 5)).toEqual([2, 1]);
  });

  it('makes no dead letter of a record that had company, whatever maxAttempts is', async () => {
    const calls: number[] = [];
    const bench: ModeBench = manyBench(
      slowInCompany(() => bench, calls),
      { maxAttempts: 1 },
    );
    for (const remainingMs of [10_000, 4_000, 4_000]) await bench.invoke(batch, remainingMs);
    expect(bench.deadLetters.letters).toEqual([]);
    expect(calls[3]).toBe(1);
    expect(Object.keys(bench.counts())).not.toEqual([]);
  });

  it('leaves the last attempt to a record that was cut short because calls for more had used the time', async () => {
    const calls: number[] = [];
    const bench: ModeBench = manyBench(
      async (given, { signal }) => {
        calls.push(given.length);
        await new Promise<void>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          bench.clock.schedule(given.length > 1 ? 6_000 : 5_000, resolve);
        });
        if (given.length > 1) throw new Error('too much for me');
      },
      { maxAttempts: 1 },
    );
    expect(await bench.invoke(batch.slice(0, 2), 10_000)).toEqual({ undone: undone.slice(0, 2) });
    expect(bench.deadLetters.letters).toEqual([]);
    expect(await bench.invoke(batch.slice(0, 2), 30_000)).toEqual({ undone: [] });
    expect(calls).toEqual([2, 1, 1, 1]);
  });
});
