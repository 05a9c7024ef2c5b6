import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../lib/ports/commit-store.ts';
import { type MemoryStore, memoryStore, type StoreFault, type StoreFaultChoice } from '../../../lib/testing/index.ts';
import { commitOf, markOf, moveOf, positionAt, put, update } from '../../contract/commit-store.support.ts';
import { call, claimOf } from '../../contract/idempotency-store.contract.ts';

const unavailable = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };
const committed = { kind: 'committed' };

function failing(choice: () => StoreFaultChoice): { store: MemoryStore; seen: (readonly string[])[] } {
  const seen: (readonly string[])[] = [];
  const store = memoryStore({
    tables: {
      Orders: { partitionKey: 'orderId' },
      Stock: { partitionKey: 'sku', sortKey: { name: 'place', type: 'N' } },
    },
    faults: (operation, keys) => {
      if (operation !== 'commit') return undefined;
      seen.push(keys);
      return choice();
    },
  });
  return { store, seen };
}

const all = (): Commit =>
  commitOf({
    marks: [markOf('m')],
    positions: [moveOf('p', undefined, positionAt(1))],
    effects: [
      put('Orders', { orderId: { S: 'o' } }),
      update('Stock', { place: { N: '2' }, sku: { S: 's' } }, 'ADD sold :one', { values: { ':one': { N: '1' } } }),
    ],
  });
const written = (store: MemoryStore) => [
  store.peek('m') !== undefined,
  store.peekPosition('p') !== undefined,
  store.items('Orders').length === 1,
  store.items('Stock').length === 1,
];

describe('a fault of a commit', () => {
  it('is chosen by the keys of its writes; a table that there is not stands alone', async () => {
    const { store, seen } = failing(() => undefined);
    await store.commit(all(), call);
    await store.commit(commitOf({ effects: [put('Others', {}), put('Orders', {})] }), call);
    expect(seen).toEqual([
      ['m', 'p', 'Orders/o', 'Stock/s/2'],
      ['Others', 'Orders/'],
    ]);
  });

  it.each([
    ['throttle', false],
    ['cutBefore', false],
    ['cutAfter', true],
    ['late', false],
  ] satisfies [StoreFault, boolean][])('fails it as unavailable under %s; written: %s', async (fault, isWritten) => {
    const { store } = failing(() => fault);
    expect(await store.commit(all(), call)).toMatchObject(unavailable);
    expect(new Set(written(store))).toEqual(new Set([isWritten]));
    expect(store.count('commit')).toEqual({ calls: 1, items: 4 });
  });

  it('cancels it with a reason for each write under conflict', async () => {
    const { store } = failing(() => 'conflict');
    const reasons = ['conflict', 'conflict', 'conflict', 'conflict'];
    expect(await store.commit(all(), call)).toEqual({ kind: 'cancelled', reasons });
    expect(new Set(written(store))).toEqual(new Set([false]));
  });

  it('cancels it with the reasons of some writes', async () => {
    const faults: [string, StoreFault][] = [
      ['Orders/o', 'conflict'],
      ['p', 'throttle'],
      ['of another commit', 'cutBefore'],
    ];
    const { store } = failing(() => new Map(faults));
    const reasons = ['none', 'throttled', 'conflict', 'none'];
    expect(await store.commit(all(), call)).toEqual({ kind: 'cancelled', reasons });
    expect(new Set(written(store))).toEqual(new Set([false]));
  });

  it('of one write hits all of it where a request can only be hit whole', async () => {
    const { store } = failing(
      () =>
        new Map<string, StoreFault>([
          ['p', 'cutAfter'],
          ['m', 'conflict'],
        ]),
    );
    expect(await store.commit(all(), call)).toMatchObject(unavailable);
    expect(new Set(written(store))).toEqual(new Set([true]));
  });

  it('of a key that it does not have leaves it alone', async () => {
    const { store } = failing(() => new Map<string, StoreFault>([['Orders/x', 'conflict']]));
    expect(await store.commit(all(), call)).toEqual(committed);
  });

  it('may hold its answer back with a delay, until it is aborted', async () => {
    const store = memoryStore({ delay: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const held = store.commit(commitOf({ marks: [markOf('m')] }), { signal: abort.signal });
    abort.abort();
    expect(await held).toMatchObject(unavailable);
    expect(store.keys()).toEqual([]);
  });
});

describe('what is late', () => {
  it('happens when the test says so, once, in order', async () => {
    const { store } = failing(() => 'late');
    const commit = all();
    await store.commit(commit, call);
    const moved = commitOf({ positions: [moveOf('p', positionAt(1), positionAt(2))] });
    await store.commit(moved, call);
    expect(written(store)).toEqual([false, false, false, false]);
    expect(store.carryOutLate()).toBe(2);
    expect(written(store)).toEqual([true, true, true, true]);
    expect(store.peekPosition('p')).toEqual(positionAt(2));
    expect(store.carryOutLate()).toBe(0);
    expect(store.items('Stock')).toEqual([{ place: 2, sku: 's', sold: 1 }]);
  });

  it('changes nothing when it comes after a repetition with its token, or when its conditions no longer hold', async () => {
    const faults: StoreFault[] = ['late'];
    const { store } = failing(() => faults.shift());
    const commit = all();
    expect(await store.commit(commit, call)).toMatchObject(unavailable);
    expect(await store.commit(commit, call)).toEqual(committed);
    expect(store.carryOutLate()).toBe(1);
    expect(store.items('Stock')).toEqual([{ place: 2, sku: 's', sold: 1 }]);

    faults.push('late');
    const [lost, other] = [2, 3].map((offset) =>
      commitOf({ positions: [moveOf('p', positionAt(1), positionAt(offset))] }),
    );
    await store.commit(lost ?? commit, call);
    expect(await store.commit(other ?? commit, call)).toEqual(committed);
    store.carryOutLate();
    expect(store.peekPosition('p')).toEqual(positionAt(3));
  });

  it('may come before the next request of an operation, and before no other', async () => {
    const faults: StoreFault[] = [{ lateBefore: 'readPositions' }];
    const { store } = failing(() => faults.shift());
    await store.commit(all(), call);
    await store.read(['m'], call);
    expect(written(store)).toEqual([false, false, false, false]);
    expect(await store.readPositions(['p'], call)).toEqual([{ kind: 'read', position: positionAt(1) }]);
    expect(written(store)).toEqual([true, true, true, true]);
  });

  it('may be a write of any operation, and one of several', async () => {
    const store = memoryStore({
      faults: (operation) => (operation === 'read' ? undefined : new Map<string, StoreFault>([['b', 'late']])),
    });
    expect(await store.insert([claimOf('a'), claimOf('b')], call)).toMatchObject([{ kind: 'claimed' }, unavailable]);
    expect(await store.setMarks([markOf('c')], call)).toEqual([{ kind: 'marked' }]);
    expect(store.keys()).toEqual(['a', 'c']);
    expect(store.carryOutLate()).toBe(1);
    expect(store.keys()).toEqual(['a', 'c', 'b']);
  });

  it('may turn out to be impossible', async () => {
    const store = memoryStore({ faults: (operation) => (operation === 'setMarks' ? 'late' : undefined) });
    await store.setMarks([markOf('m', { result: Number.NaN })], call);
    expect(store.carryOutLate()).toBe(1);
    expect(store.keys()).toEqual([]);
  });
});

describe('a fault of marks and positions', () => {
  it.each(['throttle', 'conflict', 'cutBefore'] satisfies StoreFault[])('writes nothing under %s', async (fault) => {
    const store = memoryStore({ faults: () => fault });
    expect(await store.setMarks([markOf('m')], call)).toMatchObject([unavailable]);
    expect(await store.readPositions(['p'], call)).toMatchObject([unavailable]);
    expect(store.keys()).toEqual([]);
    expect(store.count('setMarks')).toEqual({ calls: 1, items: 1 });
    expect(store.count('readPositions')).toEqual({ calls: 1, items: 1 });
  });

  it('loses the answer of a mark that was written under cutAfter', async () => {
    const store = memoryStore({ faults: () => 'cutAfter' });
    expect(await store.setMarks([markOf('m')], call)).toMatchObject([unavailable]);
    expect(store.keys()).toEqual(['m']);
  });

  it('leaves what the test looks at and puts in place alone', () => {
    const store = memoryStore({ faults: () => 'cutBefore' });
    store.pokePosition('p', positionAt(7));
    expect(store.peekPosition('p')).toEqual(positionAt(7));
    store.pokePosition('p', undefined);
    expect(store.peekPosition('p')).toBeUndefined();
  });
});
