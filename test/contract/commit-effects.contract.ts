import { describe, expect, it } from 'vitest';
import type { AttributeMap } from '../../lib/core/effects/attribute-value.ts';
import type { Effect } from '../../lib/core/effects/effect.ts';
import {
  type CommitStoreUnderTest,
  check,
  commitOf,
  expectUnwritable,
  markerOfMark,
  markOf,
  orderKey,
  put,
  remove,
  stockKey,
  update,
} from './commit-store.support.ts';
import { call, freshKey, markerAt } from './idempotency-store.contract.ts';

const committed = { kind: 'committed' };

/** The part of the contract of a `CommitStore` that is about effects: what DynamoDB makes of them, every store does. */
export function effectsContract(subject: () => CommitStoreUnderTest): void {
  describe('an effect', () => {
    /** One effect with a mark before it, and what became of its item. */
    async function commits(table: string, key: AttributeMap, effect: Effect) {
      const { store, getItem } = subject();
      const mark = markOf(freshKey());
      const result = await store.commit(commitOf({ marks: [mark], effects: [effect] }), call);
      expect(await markerAt(store, mark.idempotencyKey)).toEqual(
        result.kind === 'committed' ? markerOfMark(mark) : undefined,
      );
      return { result, item: await getItem(table, key) };
    }

    it('that puts replaces the whole item, with attributes of every type', async () => {
      const { orders, putItem } = subject();
      const key = orderKey();
      await putItem(orders, { ...key, old: { S: 'old' } });
      const item: AttributeMap = {
        ...key,
        text: { S: 'Grüße, 世界' },
        empty: { S: '' },
        number: { N: '12345678901234567890.5' },
        bytes: { B: new Uint8Array([0, 255]) },
        yes: { BOOL: true },
        nothing: { NULL: true },
        texts: { SS: ['a'] },
        numbers: { NS: ['1'] },
        blobs: { BS: [new Uint8Array([1])] },
        list: { L: [{ N: '1' }, { M: { deep: { L: [] } } }] },
      };
      expect(await commits(orders, key, put(orders, item))).toEqual({ result: committed, item });
    });

    it('that updates makes the item where there is none; one that deletes or checks does not need it', async () => {
      const { orders, stock } = subject();
      const [made, absent] = [stockKey(), orderKey()];
      expect(
        await commits(stock, made, update(stock, made, 'SET onHand = :l', { values: { ':l': { N: '3' } } })),
      ).toEqual({ result: committed, item: { ...made, onHand: { N: '3' } } });
      expect(await commits(orders, absent, remove(orders, absent))).toEqual({ result: committed, item: undefined });
      expect(await commits(orders, absent, check(orders, absent, 'attribute_not_exists(orderId)'))).toEqual({
        result: committed,
        item: undefined,
      });
    });

    it('knows a number as a key however it is written', async () => {
      const { stock, putItem } = subject();
      const key = stockKey();
      await putItem(stock, { ...key, onHand: { N: '3' } });
      const again = { ...key, place: { N: '1.0' } };
      expect(await commits(stock, key, put(stock, again, { condition: 'attribute_not_exists(sku)' }))).toEqual({
        result: { kind: 'cancelled', reasons: ['none', 'conditionFailed'] },
        item: { ...key, onHand: { N: '3' } },
      });
    });

    const kinds: [string, (table: string, key: AttributeMap, condition: string) => Effect][] = [
      ['put', (table, key, condition) => put(table, key, { condition })],
      ['update', (table, key, condition) => update(table, key, 'REMOVE amount', { condition })],
      ['delete', (table, key, condition) => remove(table, key, { condition })],
      ['check', (table, key, condition) => check(table, key, condition)],
    ];
    it.each(kinds)('happens if its condition holds, and else nothing does: %s', async (_, effectOn) => {
      const { orders, putItem } = subject();
      const [there, absent] = [orderKey(), orderKey()];
      const item = { ...there, amount: { N: '5' } };
      await putItem(orders, item);
      const refused = { kind: 'cancelled', reasons: ['none', 'conditionFailed'] };
      expect(await commits(orders, there, effectOn(orders, there, 'attribute_not_exists(amount)'))).toEqual({
        result: refused,
        item,
      });
      expect(await commits(orders, absent, effectOn(orders, absent, 'attribute_exists(amount)'))).toEqual({
        result: refused,
        item: undefined,
      });
      expect((await commits(orders, there, effectOn(orders, there, 'attribute_exists(amount)'))).result).toEqual(
        committed,
      );
    });

    const stored = {
      state: { S: 'open' },
      amount: { N: '10' },
      tags: { SS: ['a', 'b'] },
      entries: { L: [{ S: 'x' }, { S: 'y' }] },
      buyer: { M: { name: { S: 'Ann' }, age: { N: '40' } } },
    };
    const values: AttributeMap = {
      ':open': { S: 'open' },
      ':shut': { S: 'shut' },
      ':ten': { N: '10.0' },
      ':nine': { N: '9' },
      ':a': { S: 'a' },
      ':z': { S: 'z' },
      ':o': { S: 'o' },
      ':two': { N: '2' },
      ':map': { S: 'M' },
      ':ann': { S: 'Ann' },
    };
    it.each([
      ['#state = :open', '#state = :shut'],
      ['amount = :ten', 'amount = :open'],
      ['#state <> :shut', '#state <> :open'],
      ['amount > :nine', 'amount < :nine'],
      ['amount >= :ten', 'amount <= :nine'],
      ['amount BETWEEN :nine AND :ten', 'lacking BETWEEN :nine AND :ten'],
      ['#state IN (:shut, :open)', '#state IN (:shut, :z)'],
      ['attribute_exists(#state)', 'attribute_exists(lacking)'],
      ['attribute_not_exists(lacking)', 'attribute_not_exists(#state)'],
      ['attribute_type(buyer, :map)', 'attribute_type(amount, :map)'],
      ['begins_with(#state, :o)', 'begins_with(#state, :z)'],
      ['contains(tags, :a)', 'contains(tags, :z)'],
      ['contains(#state, :o)', 'contains(#state, :z)'],
      ['size(entries) = :two', 'size(#state) = :two'],
      ['buyer.#name = :ann', 'buyer.#none = :ann'],
      ['entries[0] <> :a', 'entries[5] = :a'],
      ['#state = :open AND amount = :ten', '#state = :open AND amount = :nine'],
      ['#state = :shut OR amount = :ten', '#state = :shut OR amount = :nine'],
      ['NOT #state = :shut', 'NOT (#state = :open)'],
      ['#state = :open OR #state = :shut AND amount = :nine', '(#state = :open OR #state = :shut) AND amount = :nine'],
      ['lacking <> :open', 'lacking = :open'],
    ])('has a condition as DynamoDB takes it: %s; not: %s', async (holding, failing) => {
      const { orders, putItem } = subject();
      const key = orderKey();
      await putItem(orders, { ...key, ...stored });
      const effect = (condition: string) => check(orders, key, condition, used(condition));
      expect((await commits(orders, key, effect(holding))).result).toEqual(committed);
      expect((await commits(orders, key, effect(failing))).result).toEqual({
        kind: 'cancelled',
        reasons: ['none', 'conditionFailed'],
      });
    });

    /** Only what the expression uses: DynamoDB refuses the rest. */
    function used(expression: string, more: AttributeMap = {}) {
      const names = { '#state': 'state', '#name': 'name', '#none': 'none' };
      const uses = ([name]: [string, unknown]) => new RegExp(`${name}\\b`).test(expression);
      const [theNames, theValues] = [
        Object.entries(names).filter(uses),
        Object.entries({ ...values, ...more }).filter(uses),
      ];
      return {
        names: theNames.length > 0 ? Object.fromEntries(theNames) : undefined,
        values: theValues.length > 0 ? Object.fromEntries(theValues) : undefined,
      };
    }

    it.each<[string, AttributeMap]>([
      ['SET #state = :shut', { state: { S: 'shut' } }],
      ['SET amount = amount + :two', { amount: { N: '12' } }],
      ['SET amount = amount - :nine, #state = :z', { amount: { N: '1' }, state: { S: 'z' } }],
      ['SET amount = if_not_exists(amount, :two)', {}],
      ['SET added = if_not_exists(added, :two) + :nine', { added: { N: '11' } }],
      ['SET entries = list_append(entries, :more)', { entries: { L: [{ S: 'x' }, { S: 'y' }, { S: 'w' }] } }],
      ['SET entries[1] = :z', { entries: { L: [{ S: 'x' }, { S: 'z' }] } }],
      ['SET buyer.#name = :z', { buyer: { M: { name: { S: 'z' }, age: { N: '40' } } } }],
      ['SET copied = #state', { copied: { S: 'open' } }],
      ['ADD amount :two', { amount: { N: '12' } }],
      ['ADD added :two', { added: { N: '2' } }],
      ['REMOVE entries[0]', { entries: { L: [{ S: 'y' }] } }],
      ['REMOVE buyer.#name', { buyer: { M: { age: { N: '40' } } } }],
      ['DELETE tags :set', { tags: { SS: ['a'] } }],
      ['SET #state = :shut ADD amount :two', { state: { S: 'shut' }, amount: { N: '12' } }],
    ])('updates as DynamoDB does: %s', async (expression, changed) => {
      const { orders, putItem } = subject();
      const key = orderKey();
      await putItem(orders, { ...key, ...stored });
      const more: AttributeMap = { ':more': { L: [{ S: 'w' }] }, ':set': { SS: ['b'] } };
      expect(await commits(orders, key, update(orders, key, expression, used(expression, more)))).toEqual({
        result: committed,
        item: { ...key, ...stored, ...changed },
      });
    });

    const secret = { S: 'secret' };
    const one = { values: { ':one': { N: '1' } } };
    const misfits: [string, (orders: string, stock: string, key: AttributeMap) => Effect][] = [
      ['an item without its key', (orders) => put(orders, { secret })],
      ['a key of the wrong type', (orders) => put(orders, { orderId: { N: '1' } })],
      ['an empty key', (orders) => put(orders, { orderId: { S: '' } })],
      ['half a key', (_, stock) => update(stock, { sku: secret }, 'SET a = :one', one)],
      ['a key with more than the key', (orders, _, key) => remove(orders, { ...key, secret })],
      ['arithmetic on what is not there', (orders, _, key) => update(orders, key, 'SET a = lacking + :one', one)],
      ['addition to a text', (orders, _, key) => update(orders, key, 'ADD label :one', one)],
      ['a path into what is not there', (orders, _, key) => update(orders, key, 'SET lacking.a = :one', one)],
      ['a new key', (orders, _, key) => update(orders, key, 'SET orderId = :s', { values: { ':s': secret } })],
      ['an expression that is none', (orders, _, key) => update(orders, key, 'SET SET', one)],
      ['a value that is not given', (orders, _, key) => check(orders, key, 'a = :secret')],
      ['an item over 400 KB', (orders, _, key) => put(orders, { ...key, a: { S: 'secret '.repeat(60_000) } })],
      ['a number that is none', (orders, _, key) => put(orders, { ...key, a: { N: 'secret' } })],
      ['a set that is empty', (orders, _, key) => put(orders, { ...key, a: { SS: [] } })],
    ];
    it.each(misfits)('that DynamoDB cannot take is told apart, and nothing is written: %s', async (_, misfit) => {
      const { store, orders, stock, putItem, getItem } = subject();
      const [key, neighbour, mark] = [orderKey(), orderKey(), markOf(freshKey())];
      const item = { ...key, label: { S: 'text' } };
      await putItem(orders, item);
      const effects = [put(orders, neighbour), misfit(orders, stock, key)];
      expectUnwritable(await store.commit(commitOf({ marks: [mark], effects }), call), 2);
      expect(await markerAt(store, mark.idempotencyKey)).toBeUndefined();
      expect(await getItem(orders, neighbour)).toBeUndefined();
      expect(await getItem(orders, key)).toEqual(item);
    });

    it('on the item of another one is not carried out, and neither is that', async () => {
      const { store, orders, getItem } = subject();
      const key = orderKey();
      const effects = [put(orders, key), update(orders, key, 'SET a = :one', one)];
      const { kind } = await store.commit(commitOf({ effects }), call);
      expect(['refused', 'cancelled']).toContain(kind);
      expect(await getItem(orders, key)).toBeUndefined();
    });
  });
}
