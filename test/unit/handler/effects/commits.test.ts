import { describe, expect, it } from 'vitest';
import type { StoreFaultChoice } from '../../../../lib/adapters/memory/fault.ts';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import type { Commit } from '../../../../lib/ports/commit-store.ts';
import { addOne, ledger, ledgerStore, positionBench, transactionBench } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';

function records(count: number): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ offset, id: `id-${offset}` }));
}

/** Writes down every commit, and lets the first ones fail. */
class WatchedStore extends MemoryStore {
  readonly commits: Commit[] = [];

  constructor(...faults: StoreFaultChoice[]) {
    const left = [...faults];
    super({
      tables: { [ledger]: { partitionKey: 'id' } },
      faults: (operation) => (operation === 'commit' ? left.shift() : undefined),
    });
  }

  override commit(commit: Commit, call: Parameters<MemoryStore['commit']>[1]): ReturnType<MemoryStore['commit']> {
    this.commits.push(commit);
    return super.commit(commit, call);
  }
}

describe.each([
  ['transaction', transactionBench],
  ['position', positionBench],
] as const)('a commit in mode %s', (_mode, bench) => {
  it.each(['cutBefore', 'cutAfter', 'late', 'throttle', 'conflict'] as const)(
    'after %s is repeated with its token and the same writes, and counts as handled',
    async (fault) => {
      const store = new WatchedStore(fault, fault);
      const run = bench(addOne, {}, { store });
      expect(await run.invoke(records(1))).toEqual({ undone: [] });
      expect(run.outcomes()).toEqual({ 'orders-0@0': 'handled' });
      expect(run.counts()).toEqual({ 'orders-0@0': 1 });
      expect(store.commits.length).toBe(3);
      const [first] = store.commits;
      for (const commit of store.commits) expect(commit).toEqual(first);
      store.carryOutLate();
      expect(run.counts()).toEqual({ 'orders-0@0': 1 });
    },
  );

  it('that is never answered leaves its records undone, whatever happened to it, and no dead letter', async () => {
    let isDown = true;
    const store = ledgerStore({ faults: (operation) => (isDown && operation === 'commit' ? 'cutAfter' : undefined) });
    const run = bench(addOne, { maxAttempts: 1 }, { store });
    expect(await run.invoke(records(2))).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(run.deadLetters.letters).toEqual([]);
    expect(run.clock.pending).toBe(0);
    isDown = false;
    const later = bench(addOne, {}, { store, seed: 2, clock: run.clock });
    expect(await later.invoke(records(2))).toEqual({ undone: [] });
    expect(later.counts()).toEqual({ 'orders-0@0': 1, 'orders-0@1': 1 });
  });

  it('to a table that is missing fails its record alone, and loses nothing', async () => {
    const run = bench(
      ({ partition, ...record }, { effects }) => {
        const table = partition === 1 ? 'Missing' : ledger;
        effects.put({ table, item: { id: at({ ...record, partition }), count: 1 } });
      },
      {},
      {},
    );
    const two = [
      { partition: 0, offset: 0, id: 'a' },
      { partition: 1, offset: 0, id: 'b' },
      { partition: 2, offset: 0, id: 'c' },
    ];
    expect(await run.invoke(two)).toEqual({ undone: ['orders-1@0'] });
    expect(run.counts()).toEqual({ 'orders-0@0': 1, 'orders-2@0': 1 });
    expect(run.deadLetters.letters).toEqual([]);
  });

  it('of an update that does not fit its item is a dead letter, and the others are written', async () => {
    for (const misfits of ['refuse', 'cancel'] as const) {
      const store = ledgerStore({ misfits });
      store.putItem(ledger, { id: 'text', count: 'many' });
      const run = bench(
        (record, { effects }) => {
          const id = record.partition === 1 ? 'text' : at(record);
          effects.update({ table: ledger, key: { id }, update: { add: { count: 1 } } });
        },
        {},
        { store },
      );
      const three = [0, 1, 2].map((partition) => ({ partition, offset: 0, id: `id-${partition}` }));
      expect(await run.invoke(three)).toEqual({ undone: [] });
      expect(run.deadLetters.letters).toMatchObject([{ reason: 'unprocessable', record: { partition: 1 } }]);
      expect(run.counts()).toEqual({ text: 'many', 'orders-0@0': 1, 'orders-2@0': 1 });
    }
  });

  it('holds back what follows a failed record of its unit, and nothing of that is written', async () => {
    const run = bench(
      (record, context) => {
        if (record.offset !== 1) return addOne(record, context);
        const condition = 'attribute_exists(id)';
        return context.effects.put({ table: ledger, item: { id: 'absent' }, condition });
      },
      { commit: 'prefix' },
    );
    expect(await run.invoke(records(4))).toEqual({ undone: ['orders-0@1', 'orders-0@2', 'orders-0@3'] });
    expect(run.counts()).toEqual({ 'orders-0@0': 1 });
    expect(run.outcomes()).toMatchObject({ 'orders-0@2': 'heldBack', 'orders-0@3': 'heldBack' });
  });

  it('is no more than a hundred actions and no item twice', async () => {
    const store = new WatchedStore();
    const run = bench(
      (record, { effects }) => {
        for (let index = 0; index < 40; index += 1) {
          effects.update({ table: ledger, key: { id: `${at(record)}-${index}` }, update: { add: { count: 1 } } });
        }
        effects.update({ table: ledger, key: { id: `shared-${record.offset % 2}` }, update: { add: { count: 1 } } });
      },
      { commit: 'prefix' },
      { store },
    );
    expect(await run.invoke(records(10))).toEqual({ undone: [] });
    for (const { marks, positions, effects } of store.commits) {
      expect(marks.length + positions.length + effects.length).toBeLessThanOrEqual(100);
    }
    expect(run.counts()).toMatchObject({ 'shared-0': 5, 'shared-1': 5 });
    expect(Object.keys(run.counts())).toHaveLength(402);
  });
});

describe('what one record waits for', () => {
  it('a throttled item keeps only its own record out', async () => {
    const run = transactionBench(
      addOne,
      { ordering: 'none' },
      {
        store: ledgerStore({
          faults: (operation, keys) => {
            const hot = keys.find((key) => key === `${ledger}/orders-0@0`);
            return operation === 'commit' && hot !== undefined ? new Map([[hot, 'throttle' as const]]) : undefined;
          },
        }),
      },
    );
    const ten = Array.from({ length: 10 }, (_, partition) => ({ partition, offset: 0, id: `id-${partition}` }));
    expect(await run.invoke(ten)).toEqual({ undone: ['orders-0@0'] });
    expect(Object.keys(run.counts())).toHaveLength(9);
    expect(run.clock.pending).toBe(0);
  });

  it.each([
    { kind: 'cancelled', reasons: null },
    { kind: 'cancelled', reasons: 'abc' },
    { kind: 'refused' },
    { kind: 'failed' },
    { kind: 'other' },
    undefined,
  ])('a store that answers %j makes it undone, in time', async (answer) => {
    const store = ledgerStore();
    Object.assign(store, { commit: () => Promise.resolve(answer) });
    for (const bench of [transactionBench, positionBench]) {
      const run = bench(addOne, {}, { store });
      expect(await run.invoke(records(2))).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
      expect(run.clock.pending).toBe(0);
    }
  });
});
