import { describe, expect, it } from 'vitest';
import type { Marker } from '../../lib/core/claim/marker.ts';
import type { StoreCall } from '../../lib/ports/idempotency-store.ts';
import { effectsContract } from './commit-effects.contract.ts';
import {
  type CommitStoreUnderTest,
  check,
  commitOf,
  expectUnwritable,
  markerOfMark,
  markerWith,
  markOf,
  moveOf,
  orderKey,
  positionAt,
  positioned,
  positionNow,
  put,
  remove,
  stockKey,
  update,
} from './commit-store.support.ts';
import { call, claimOf, completionOf, freshKey, markerAt } from './idempotency-store.contract.ts';

const committed = { kind: 'committed' };
const unavailable = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };
const refusedMark = { kind: 'cancelled', reasons: ['conditionFailed', 'none'] };

/** Markers of every state in which one may be found. */
const states: [string, Partial<Marker>][] = [
  ['in progress', {}],
  ['released', { owner: undefined, leaseUntilMs: 0 }],
  ['completed', { status: 'COMPLETED', result: { charge: 12 } }],
  ['expired', { status: 'COMPLETED', expiresAtSeconds: 1 }],
  ['completed by Powertools', { status: 'COMPLETED', owner: undefined, leaseUntilMs: undefined, fence: 0 }],
  ['in progress under Powertools', { owner: undefined, fence: 0, source: undefined, fingerprint: undefined }],
];

const differences: [string, Partial<Marker>][] = [
  ['status', { status: 'COMPLETED' }],
  ['expiration', { expiresAtSeconds: 5 }],
  ['lease', { leaseUntilMs: 5 }],
  ['absent lease', { leaseUntilMs: undefined }],
  ['owner', { owner: 'owner-x' }],
  ['absent owner', { owner: undefined }],
  ['fence', { fence: 7 }],
  ['absent fence', { fence: 0 }],
];

/** What `lib/ports/commit-store.ts` promises, for every store; `subject` is asked in each test. */
export function commitStoreContract(subject: () => CommitStoreUnderTest): void {
  describe('commit', () => {
    it('writes marks, positions and effects of every kind together', async () => {
      const { store, orders, stock, putItem, getItem } = subject();
      const marks = [markOf(freshKey(), { result: { charge: 12 }, attempts: 3 }), markOf(freshKey())];
      const positionKey = freshKey();
      const [made, changed, gone, seen] = [orderKey(), stockKey(), orderKey(), orderKey()];
      await putItem(stock, { ...changed, left: { N: '7' } });
      await putItem(orders, gone);
      await putItem(orders, { ...seen, state: { S: 'open' } });
      const result = await store.commit(
        commitOf({
          marks,
          positions: [moveOf(positionKey, undefined, positionAt(43))],
          effects: [
            put(orders, { ...made, state: { S: 'new' } }),
            update(stock, changed, 'SET #left = #left - :one', {
              condition: '#left >= :one',
              names: { '#left': 'left' },
              values: { ':one': { N: '1' } },
            }),
            remove(orders, gone),
            check(orders, seen, '#state = :open', { names: { '#state': 'state' }, values: { ':open': { S: 'open' } } }),
          ],
        }),
        call,
      );
      expect(result).toEqual(committed);
      for (const mark of marks) {
        expect(await markerAt(store, mark.idempotencyKey)).toEqual(markerOfMark(mark));
      }
      expect(await positionNow(store, positionKey)).toEqual(positionAt(43));
      expect(await getItem(orders, made)).toEqual({ ...made, state: { S: 'new' } });
      expect(await getItem(stock, changed)).toEqual({ ...changed, left: { N: '6' } });
      expect(await getItem(orders, gone)).toBeUndefined();
      expect(await getItem(orders, seen)).toEqual({ ...seen, state: { S: 'open' } });
    });

    it('gives each write its reason, in order, and writes nothing', async () => {
      const { store, orders, getItem, poke } = subject();
      const marks = Array.from({ length: 3 }, () => markOf(freshKey()));
      await poke(marks[1]?.idempotencyKey ?? '', markerWith());
      const [still, moved] = [freshKey(), freshKey()];
      await positioned(store, moved, positionAt(9));
      const keys = [orderKey(), orderKey(), orderKey()] as const;
      const result = await store.commit(
        commitOf({
          marks,
          positions: [moveOf(still, undefined, positionAt(5)), moveOf(moved, positionAt(8), positionAt(9))],
          effects: [
            put(orders, keys[0]),
            check(orders, keys[1], 'attribute_exists(orderId)'),
            update(orders, keys[2], 'SET amount = :a', { values: { ':a': { N: '1' } } }),
          ],
        }),
        call,
      );
      const [none, failed] = ['none', 'conditionFailed'];
      expect(result).toEqual({ kind: 'cancelled', reasons: [none, failed, none, none, failed, none, failed, none] });
      expect(await markerAt(store, marks[0]?.idempotencyKey ?? '')).toBeUndefined();
      expect(await markerAt(store, marks[1]?.idempotencyKey ?? '')).toEqual(markerWith());
      expect(await markerAt(store, marks[2]?.idempotencyKey ?? '')).toBeUndefined();
      expect(await store.readPositions([still, moved], call)).toEqual([
        { kind: 'read', position: undefined },
        { kind: 'read', position: positionAt(9) },
      ]);
      for (const key of keys) {
        expect(await getItem(orders, key)).toBeUndefined();
      }
    });

    it('carries out 100 writes, and refuses 101 and none as unstorable', async () => {
      const { store, orders, getItem } = subject();
      const keys = Array.from({ length: 101 }, () => orderKey());
      const effects = keys.map((key) => put(orders, key));
      const unstorable = { kind: 'refused', error: { name: 'StoreError', kind: 'unstorable' } };
      expect(await store.commit(commitOf({ effects }), call)).toMatchObject(unstorable);
      expect(await store.commit(commitOf({}), call)).toMatchObject(unstorable);
      expect(await getItem(orders, keys[0] ?? {})).toBeUndefined();
      const marks = [markOf(freshKey())];
      expect(await store.commit(commitOf({ marks, effects: effects.slice(0, 99) }), call)).toEqual(committed);
      expect(await getItem(orders, keys[98] ?? {})).toEqual(keys[98]);
    });

    it('does not touch the store and fails as unavailable once its signal is aborted', async () => {
      const { store, orders, getItem } = subject();
      const aborted: StoreCall = { signal: AbortSignal.abort() };
      const [mark, positionKey, key] = [markOf(freshKey()), freshKey(), orderKey()];
      const positions = [moveOf(positionKey, undefined, positionAt(1))];
      expect(
        await store.commit(commitOf({ marks: [mark], positions, effects: [put(orders, key)] }), aborted),
      ).toMatchObject(unavailable);
      expect(await store.setMarks([mark], aborted)).toMatchObject([unavailable]);
      expect(await store.readPositions([positionKey], aborted)).toMatchObject([unavailable]);
      expect(await markerAt(store, mark.idempotencyKey)).toBeUndefined();
      expect(await positionNow(store, positionKey)).toBeUndefined();
      expect(await getItem(orders, key)).toBeUndefined();
    });

    it('names the missing table of an effect as a matter of configuration', async () => {
      const { store, orders } = subject();
      const [mark, key] = [markOf(freshKey()), orderKey()];
      const result = await store.commit(
        commitOf({ marks: [mark], effects: [put(orders, key), put('NoSuchTable', key)] }),
        call,
      );
      expect(result).toMatchObject({ kind: 'refused', error: { name: 'StoreError', kind: 'configuration' } });
      expect(result.kind === 'refused' && result.error.message).toContain('"NoSuchTable"');
      expect(await markerAt(store, mark.idempotencyKey)).toBeUndefined();
    });
  });

  describe('a token', () => {
    it('given again with the same writes asks for nothing twice, whatever happened since', async () => {
      const { store, orders, getItem, poke } = subject();
      const [mark, key, positionKey] = [markOf(freshKey()), orderKey(), freshKey()];
      const commit = commitOf({
        marks: [mark],
        positions: [moveOf(positionKey, undefined, positionAt(1))],
        effects: [update(orders, key, 'ADD amount :one', { values: { ':one': { N: '1' } } })],
      });
      expect(await store.commit(commit, call)).toEqual(committed);
      expect(await store.commit(commit, call)).toEqual(committed);
      await poke(mark.idempotencyKey, undefined);
      expect(await store.commit(commit, call)).toEqual(committed);
      expect(await markerAt(store, mark.idempotencyKey)).toBeUndefined();
      expect(await getItem(orders, key)).toEqual({ ...key, amount: { N: '1' } });
    });

    it('counts once when it is sent by many at once', async () => {
      const { store, orders, getItem } = subject();
      const key = orderKey();
      const effects = [update(orders, key, 'ADD amount :one', { values: { ':one': { N: '1' } } })];
      const commit = commitOf({ marks: [markOf(freshKey())], effects });
      const results = await Promise.all(Array.from({ length: 8 }, () => store.commit(commit, call)));
      expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['committed']));
      expect(await getItem(orders, key)).toEqual({ ...key, amount: { N: '1' } });
    });

    it('of a cancelled commit is free: the same is tried anew', async () => {
      const { store, poke } = subject();
      const mark = markOf(freshKey());
      const commit = commitOf({ marks: [mark] });
      await poke(mark.idempotencyKey, markerWith());
      expect(await store.commit(commit, call)).toEqual({ kind: 'cancelled', reasons: ['conditionFailed'] });
      await poke(mark.idempotencyKey, undefined);
      expect(await store.commit(commit, call)).toEqual(committed);
      expect(await markerAt(store, mark.idempotencyKey)).toEqual(markerOfMark(mark));
    });

    it('given with other writes commits none of them', async () => {
      const { store, orders, getItem } = subject();
      const [one, other] = [orderKey(), orderKey()];
      const commit = commitOf({ effects: [put(orders, one)] });
      await store.commit(commit, call);
      expect(await store.commit({ ...commit, effects: [put(orders, other)] }, call)).toMatchObject(unavailable);
      expect(await getItem(orders, other)).toBeUndefined();
    });
  });

  // The same conditions hold for a mark of a commit and for a mark on its own.
  describe.each(['commit', 'setMarks'] as const)('a mark of %s', (operation) => {
    /** Whether it was written; a refused one took its effect with it. */
    async function marks(mark: ReturnType<typeof markOf>): Promise<boolean> {
      const { store, orders, getItem } = subject();
      if (operation === 'setMarks') {
        const before = await markerAt(store, mark.idempotencyKey);
        const [result] = await store.setMarks([mark], call);
        if (result?.kind !== 'marked') {
          expect(result).toEqual(before === undefined ? { kind: 'gone' } : { kind: 'existing', marker: before });
        }
        return result?.kind === 'marked';
      }
      const key = orderKey();
      const result = await store.commit(commitOf({ marks: [mark], effects: [put(orders, key)] }), call);
      expect(result).toEqual(result.kind === 'committed' ? committed : refusedMark);
      expect(await getItem(orders, key)).toEqual(result.kind === 'committed' ? key : undefined);
      return result.kind === 'committed';
    }

    it('is a completed marker with all that it says', async () => {
      const { store } = subject();
      const full = markOf(freshKey(), { attempts: 4, result: { list: [1, null], big: 2 ** 60 } });
      const bare = markOf(freshKey(), { fingerprint: undefined, source: undefined });
      expect([await marks(full), await marks(bare)]).toEqual([true, true]);
      expect(await markerAt(store, full.idempotencyKey)).toEqual({
        ...markerOfMark(full),
        result: { list: [1, null], big: 1152921504606846976n },
      });
      expect(await markerAt(store, bare.idempotencyKey)).toEqual(markerOfMark(bare));
    });

    it.each(states)('replaces a marker that is as seen, and nothing of it stays: %s', async (_, state) => {
      const { store, poke } = subject();
      const seen = markerWith(state);
      for (const over of [{ result: 'new' }, { fingerprint: undefined, source: undefined }]) {
        const mark = markOf(freshKey(), { seen, ...over });
        await poke(mark.idempotencyKey, seen);
        expect(await marks(mark)).toBe(true);
        expect(await markerAt(store, mark.idempotencyKey)).toEqual(markerOfMark(mark));
      }
    });

    it.each(states)('is refused where none must be and one is: %s', async (_, state) => {
      const { store, poke } = subject();
      const there = markerWith(state);
      const mark = markOf(freshKey());
      await poke(mark.idempotencyKey, there);
      expect(await marks(mark)).toBe(false);
      expect(await markerAt(store, mark.idempotencyKey)).toEqual(there);
    });

    it.each(differences)('is refused when the %s is not as seen', async (_, difference) => {
      const { store, poke } = subject();
      const there = markerWith();
      const mark = markOf(freshKey(), { seen: { ...there, ...difference } });
      await poke(mark.idempotencyKey, there);
      expect(await marks(mark)).toBe(false);
      expect(await markerAt(store, mark.idempotencyKey)).toEqual(there);
    });

    it.each<[string, Partial<Marker>, Partial<Marker>]>([
      ['a lease has come', { leaseUntilMs: undefined }, {}],
      ['an owner has come', { owner: undefined }, {}],
      ['a lease is gone', {}, { leaseUntilMs: undefined }],
      ['an owner is gone', {}, { owner: undefined }],
      ['the fence is gone', {}, { fence: 0 }],
    ])('is refused when, since it was seen, %s', async (_, before, now) => {
      const { poke } = subject();
      const mark = markOf(freshKey(), { seen: markerWith(before) });
      await poke(mark.idempotencyKey, markerWith(now));
      expect(await marks(mark)).toBe(false);
    });

    it('does not mind what else has changed', async () => {
      const { poke } = subject();
      const seen = markerWith({ attempts: 9, alone: false, fingerprint: undefined, result: 1, source: undefined });
      const mark = markOf(freshKey(), { seen });
      await poke(mark.idempotencyKey, markerWith());
      expect(await marks(mark)).toBe(true);
    });

    it('is refused when the marker that was seen is gone, and writes none', async () => {
      const { store } = subject();
      const mark = markOf(freshKey(), { seen: markerWith() });
      expect(await marks(mark)).toBe(false);
      expect(await markerAt(store, mark.idempotencyKey)).toBeUndefined();
    });

    it('shuts out the owner of the claim that it replaced', async () => {
      const { store } = subject();
      const claim = claimOf(freshKey());
      await store.insert([claim], call);
      const seen = await markerAt(store, claim.idempotencyKey);
      expect(await marks(markOf(claim.idempotencyKey, { seen }))).toBe(true);
      expect(await store.complete([completionOf(claim.idempotencyKey)], call)).toMatchObject([
        { kind: 'refused', marker: { status: 'COMPLETED', fence: 2, owner: undefined } },
      ]);
    });

    it('is written by exactly one of 10 that want it at once', async () => {
      const { store } = subject();
      const key = freshKey();
      const attempted = await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const mark = markOf(key, { attempts: index });
          return operation === 'setMarks'
            ? (await store.setMarks([mark], call))[0]?.kind === 'marked'
            : (await store.commit(commitOf({ marks: [mark] }), call)).kind === 'committed';
        }),
      );
      expect(attempted.filter((won) => won)).toHaveLength(1);
      expect((await markerAt(store, key))?.attempts).toBe(attempted.indexOf(true));
    });
  });

  describe('a mark whose result has no form in the store', () => {
    it.each([
      ['NaN', Number.NaN],
      ['a function', { secret: () => 'secret' }],
      ['an integer of 39 digits', 10n ** 38n],
    ])('is invalid in its commit: %s', async (_, result) => {
      const { store, orders, getItem } = subject();
      const [fine, bad, key] = [markOf(freshKey()), markOf(freshKey(), { result }), orderKey()];
      const positions = [moveOf(freshKey(), undefined, positionAt(1))];
      expect(
        await store.commit(commitOf({ marks: [fine, bad], positions, effects: [put(orders, key)] }), call),
      ).toEqual({ kind: 'cancelled', reasons: ['none', 'invalid', 'none', 'none'] });
      expect(await markerAt(store, fine.idempotencyKey)).toBeUndefined();
      expect(await getItem(orders, key)).toBeUndefined();
    });

    it.each([
      ['NaN', Number.NaN],
      ['over 400 KB', 'secret '.repeat(60_000)],
    ])('fails alone among marks of their own: %s', async (_, result) => {
      const { store } = subject();
      const marks = [markOf(freshKey()), markOf(freshKey(), { result }), markOf(freshKey())];
      const results = await store.setMarks(marks, call);
      const failed = { kind: 'failed', error: { name: 'StoreError', kind: 'unstorable' } };
      expect(results).toMatchObject([{ kind: 'marked' }, failed, { kind: 'marked' }]);
      expect(results[1]?.kind === 'failed' && results[1].error.message).not.toContain('secret');
      expect(await markerAt(store, marks[1]?.idempotencyKey ?? '')).toBeUndefined();
    });

    it('over 400 KB commits nothing', async () => {
      const { store, orders, getItem } = subject();
      const [bad, key] = [markOf(freshKey(), { result: 'secret '.repeat(60_000) }), orderKey()];
      expectUnwritable(await store.commit(commitOf({ marks: [bad], effects: [put(orders, key)] }), call), 0);
      expect(await markerAt(store, bad.idempotencyKey)).toBeUndefined();
      expect(await getItem(orders, key)).toBeUndefined();
    });
  });

  describe('setMarks', () => {
    it('answers one result a mark, in order, whatever the number', async () => {
      const { store, poke } = subject();
      expect(await store.setMarks([], call)).toEqual([]);
      const marks = Array.from({ length: 60 }, (_, index) =>
        markOf(freshKey(), { seen: index % 3 === 0 ? undefined : markerWith({ fence: index % 3 }) }),
      );
      for (const { idempotencyKey, seen } of marks) {
        if (seen !== undefined) {
          await poke(idempotencyKey, markerWith({ fence: 1 }));
        }
      }
      expect(await store.setMarks(marks, call)).toEqual(
        marks.map(({ seen }) =>
          seen?.fence === 2 ? { kind: 'existing', marker: markerWith({ fence: 1 }) } : { kind: 'marked' },
        ),
      );
    });

    it('finds its own marker when it is repeated after a lost answer', async () => {
      const { store } = subject();
      const mark = markOf(freshKey());
      await store.setMarks([mark], call);
      expect(await store.setMarks([mark], call)).toEqual([{ kind: 'existing', marker: markerOfMark(mark) }]);
    });
  });

  describe('a position', () => {
    it.each([
      ['on', positionAt(50)],
      ['on, without a timestamp', positionAt(50, { highestTimestampMs: undefined })],
      ['back, in a new generation', positionAt(0, { generation: 1 })],
      ['nowhere', positionAt(42)],
    ])('moves from where it is expected: %s', async (_, next) => {
      const { store } = subject();
      const key = freshKey();
      await positioned(store, key, positionAt(42));
      expect(await store.commit(commitOf({ positions: [moveOf(key, positionAt(42), next)] }), call)).toEqual(committed);
      expect(await positionNow(store, key)).toEqual(next);
    });

    it('moves whatever the highest timestamp is', async () => {
      const { store } = subject();
      const key = freshKey();
      await positioned(store, key, positionAt(42));
      const expected = positionAt(42, { highestTimestampMs: undefined });
      expect(await store.commit(commitOf({ positions: [moveOf(key, expected, positionAt(43))] }), call)).toEqual(
        committed,
      );
    });

    it.each([
      ['it stands further on', positionAt(42), positionAt(41)],
      ['it stands further back', positionAt(42), positionAt(43)],
      ['its generation is another', positionAt(42), positionAt(42, { generation: 1 })],
      ['there is one and none is expected', positionAt(42), undefined],
      ['there is none and one is expected', undefined, positionAt(0)],
    ])('is refused, and all effects with it, when %s', async (_, there, expected) => {
      const { store, orders, getItem } = subject();
      const [key, order] = [freshKey(), orderKey()];
      if (there !== undefined) {
        await positioned(store, key, there);
      }
      const positions = [moveOf(key, expected, positionAt(99))];
      expect(await store.commit(commitOf({ positions, effects: [put(orders, order)] }), call)).toEqual(refusedMark);
      expect(await positionNow(store, key)).toEqual(there);
      expect(await getItem(orders, order)).toBeUndefined();
    });

    it.each([undefined, positionAt(10)])(
      'is moved by exactly one of 10 that start from the same: %j',
      async (start) => {
        const { store, stock, getItem } = subject();
        const [key, item] = [freshKey(), stockKey()];
        if (start !== undefined) {
          await positioned(store, key, start);
        }
        const effects = [update(stock, item, 'ADD sold :one', { values: { ':one': { N: '1' } } })];
        const results = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            store.commit(commitOf({ positions: [moveOf(key, start, positionAt(20 + index))], effects }), call),
          ),
        );
        const winners = results.flatMap(({ kind }, index) => (kind === 'committed' ? [index] : []));
        expect(winners).toHaveLength(1);
        expect(await positionNow(store, key)).toEqual(positionAt(20 + (winners[0] ?? 0)));
        expect(await getItem(stock, item)).toEqual({ ...item, sold: { N: '1' } });
      },
    );

    it('is read in order, whatever the number, and undefined where there is none', async () => {
      const { store } = subject();
      expect(await store.readPositions([], call)).toEqual([]);
      const keys = Array.from({ length: 130 }, () => freshKey());
      const moved = keys.filter((_, index) => index % 2 === 0);
      const moves = moved.map((key, index) => moveOf(key, undefined, positionAt(index)));
      expect(await store.commit(commitOf({ positions: moves }), call)).toEqual(committed);
      expect(await store.readPositions(keys, call)).toEqual(
        keys.map((_, index) => ({ kind: 'read', position: index % 2 === 0 ? positionAt(index / 2) : undefined })),
      );
    });
  });

  effectsContract(subject);
}
