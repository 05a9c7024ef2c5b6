import { describe, expect, it } from 'vitest';
import { addOne, ledgerStore, type ModeBench } from '../../../support/effect-bench.ts';
import type { BenchRecord } from '../../../support/handler-bench.ts';
import { asMany, positionManyBench } from '../../../support/many-bench.ts';

const records: BenchRecord[] = [0, 1, 2].map((offset) => ({ offset }));

/** What the handler was told of the attempts at each record, call by call; the first record fails while `isBad`. */
function told(store = ledgerStore()): { readonly bench: ModeBench; readonly calls: unknown[][]; isBad: boolean } {
  const calls: unknown[][] = [];
  const bench = positionManyBench(
    async (given, context) => {
      calls.push(given.map((record) => context.attempts(record)));
      await asMany(addOne)(given, context);
      for (const record of given) if (run.isBad && record.offset === 0) context.fail(record, new Error('not now'));
    },
    { maxRecords: 3 },
    { store },
  );
  const run = { bench, calls, isBad: true };
  return run;
}

describe('earlier attempts in position mode', () => {
  it('are known of the first record, where it has failed before', async () => {
    const run = told();
    for (let delivery = 1; delivery < 4; delivery += 1) await run.bench.invoke(records);
    expect(run.calls).toEqual([[undefined, undefined, undefined], [2], [3]]);
  });

  it('are nobody’s to know while the store does not answer: the records are handled together all the same', async () => {
    let isDown = false;
    const store = ledgerStore({ faults: (operation) => (isDown && operation === 'read' ? 'throttle' : undefined) });
    const run = told(store);
    await run.bench.invoke(records);
    isDown = true;
    run.isBad = false;
    expect(await run.bench.invoke(records)).toEqual({ undone: [] });
    expect(run.calls.at(-1)).toEqual([undefined, undefined, undefined]);
    expect(Object.values(run.bench.counts())).toEqual([1, 1, 1]);
  });

  it('are read together, one record of each partition', async () => {
    const run = told();
    const many = [0, 1].flatMap((offset) => Array.from({ length: 20 }, (_, partition) => ({ partition, offset })));
    run.isBad = false;
    expect(await run.bench.invoke(many)).toEqual({ undone: [] });
    expect(run.bench.store.count('read')).toEqual({ calls: 1, items: 20 });
  });
});
