import { describe, expect, it } from 'vitest';
import { EffectConditionFailedError } from '../../../../lib/core/errors/effect-errors.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { addOne, ledger, ledgerStore, transactionBench } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';

function records(count: number, partitions = 1): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ partition: offset % partitions, offset, id: `id-${offset}` }));
}

describe('transaction mode', () => {
  it('commits marker and effects together', async () => {
    const bench = transactionBench(addOne);
    expect(await bench.invoke(records(5, 2))).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1, 1, 1]);
    expect(bench.store.peek(keyOf({ offset: 0, id: 'id-0' }))?.status).toBe('COMPLETED');
  });

  it('knows redeliveries and what a producer sent twice, also in a batch', async () => {
    const bench = transactionBench(addOne);
    const twice = [...records(3), { partition: 1, offset: 7, id: 'id-1' }, { partition: 0, offset: 9, id: 'id-2' }];
    expect(await bench.invoke(twice)).toEqual({ undone: [] });
    expect(await bench.invoke(twice)).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1]);
    expect(Object.values(bench.outcomes())).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate', 'duplicate']);
  });

  it('sends full groups of distinct keys', async () => {
    const bench = transactionBench(addOne, { ordering: 'none' });
    expect(await bench.invoke(records(500))).toEqual({ undone: [] });
    expect(bench.store.count('commit').calls).toBe(10);
    expect(bench.store.count('read').calls).toBe(5);
  });

  it('runs handlers of a unit one after the other, each after the commit before', async () => {
    const seen: unknown[] = [];
    const bench = transactionBench((_record, { effects }) => {
      const item = bench.store.item(ledger, { id: 'total' });
      seen.push(item?.count);
      effects.update({ table: ledger, key: { id: 'total' }, update: { add: { count: 1 } } });
    });
    expect(await bench.invoke(records(4))).toEqual({ undone: [] });
    expect(seen).toEqual([undefined, 1, 2, 3]);
  });

  it('commits an ordered prefix together, an item once in each', async () => {
    const bench = transactionBench(addOne, { commit: 'prefix' });
    expect(await bench.invoke(records(120))).toEqual({ undone: [] });
    expect(bench.store.count('commit').calls).toBeLessThanOrEqual(4);
    const hot = transactionBench(
      (_record, { effects }) => effects.update({ table: ledger, key: { id: 'total' }, update: { add: { count: 1 } } }),
      { commit: 'prefix' },
    );
    expect(await hot.invoke(records(20))).toEqual({ undone: [] });
    expect(hot.counts()).toEqual({ total: 20 });
  });

  it('believes no throw of a record that took effect before', async () => {
    const store = ledgerStore();
    const first = transactionBench(addOne, { rememberedCompletions: 0 }, { store });
    await first.invoke(records(1));
    // It reads ahead, so the marker is hidden until the handler throws.
    const second = transactionBench(
      () => {
        throw new UnprocessableRecordError('it is there already');
      },
      {},
      { store, seed: 2 },
    );
    const key = keyOf({ offset: 0, id: 'id-0' });
    const marker = store.peek(key);
    store.poke(key, undefined);
    const throwing = transactionBench(
      () => {
        store.poke(key, marker);
        throw new UnprocessableRecordError('it is there already');
      },
      {},
      { store, seed: 3 },
    );
    expect(await throwing.invoke(records(1))).toEqual({ undone: [] });
    expect(throwing.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
    expect(throwing.deadLetters.letters).toEqual([]);
    expect(await second.invoke(records(1))).toEqual({ undone: [] });
  });

  it('leaves a refused record out of its group and commits the others', async () => {
    const bench = transactionBench(
      (record, { effects }) => {
        const condition = record.offset === 2 ? 'attribute_exists(id)' : 'attribute_not_exists(id)';
        effects.put({ table: ledger, item: { id: at(record), count: 1 }, condition });
      },
      { ordering: 'none' },
    );
    const answer = await bench.invoke(records(5));
    expect(answer).toEqual({ undone: ['orders-0@2'] });
    expect(Object.keys(bench.counts())).toHaveLength(4);
    const failed = bench.observations.find((one) => one.type === 'recordEnded' && one.outcome === 'failed');
    expect(failed).toMatchObject({ errorName: EffectConditionFailedError.name });
  });

  it.each(['skip', 'reject'] as const)("a condition that never holds under '%s'", async (onConditionFailed) => {
    const bench = transactionBench((record, { effects }) => {
      effects.put({ table: ledger, item: { id: at(record) } });
      effects.check({ table: ledger, key: { id: 'absent' }, condition: 'attribute_exists(id)', onConditionFailed });
    });
    expect(await bench.invoke(records(2))).toEqual({ undone: [] });
    expect(bench.counts()).toEqual({});
    expect(bench.deadLetters.letters).toHaveLength(onConditionFailed === 'reject' ? 2 : 0);
    const outcome = onConditionFailed === 'reject' ? 'deadLettered' : 'handled';
    expect(bench.outcomes()).toEqual({ 'orders-0@0': outcome, 'orders-0@1': outcome });
    expect(await bench.invoke(records(2))).toEqual({ undone: [] });
  });

  it('counts attempts, and gives up', async () => {
    const bench = transactionBench(
      () => {
        throw new Error('not now');
      },
      { maxAttempts: 2 },
    );
    expect(await bench.invoke(records(1))).toEqual({ undone: ['orders-0@0'] });
    expect(await bench.invoke(records(1))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'attemptsExhausted', attempts: 2 }]);
    expect(bench.clock.pending).toBe(0);
  });
});
