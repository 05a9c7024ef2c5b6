import { describe, expect, it } from 'vitest';
import type { AttributeMap, AttributeValue } from '../../lib/core/effects/attribute-value.ts';
import type { Effect } from '../../lib/core/effects/effect.ts';
import type { CommitResult } from '../../lib/ports/commit-store.ts';
import { type CommitStoreUnderTest, check, commitOf, orderKey, put, update } from './commit-store.support.ts';
import {
  caseNames,
  caseValues,
  holding,
  notHolding,
  refusedConditions,
  refusedUpdates,
  storedItem,
  updates,
} from './expression-cases.ts';
import { call } from './idempotency-store.contract.ts';

/** What DynamoDB makes of expressions; `subject` is asked in each test. */
export function expressionsContract(subject: () => CommitStoreUnderTest): void {
  const attribute = (key: AttributeMap) => ({ ...storedItem, ...key });

  async function carriesOut(effectOn: (table: string, key: AttributeMap) => Effect): Promise<{
    readonly result: CommitResult;
    readonly item: unknown;
    readonly key: AttributeMap;
  }> {
    const { store, orders, putItem, getItem } = subject();
    const key = orderKey();
    await putItem(orders, attribute(key));
    const result = await store.commit(commitOf({ effects: [effectOn(orders, key)] }), call);
    return { result, item: await getItem(orders, key), key };
  }

  function isRefused(result: CommitResult): boolean {
    return result.kind === 'refused' || (result.kind === 'cancelled' && result.reasons?.[0] !== 'conditionFailed');
  }

  describe.each([
    ['holds', holding, { kind: 'committed' }],
    ['does not hold', notHolding, { kind: 'cancelled', reasons: ['conditionFailed'] }],
  ] as const)('a condition that %s', (_, conditions, expected) => {
    it.each(conditions)('%s', async (condition) => {
      const { result } = await carriesOut((table, key) => check(table, key, condition, used(condition)));
      expect(result).toEqual(expected);
    });
  });

  it.each(refusedConditions)('a condition is refused: %s', async (condition) => {
    const { result } = await carriesOut((table, key) => check(table, key, condition, used(condition)));
    expect(result).toSatisfy(isRefused);
  });

  it.each(updates)('an update is carried out: %s', async (expression, changes) => {
    const { result, item, key } = await carriesOut((table, key) => update(table, key, expression, used(expression)));
    expect(result).toEqual({ kind: 'committed' });
    const after = Object.entries({ ...attribute(key), ...changes }).filter(([, value]) => value !== null);
    expect(item).toEqual(Object.fromEntries(after));
  });

  it.each([
    ['\uFFFD', '\u{1F600}'],
    ['a', 'ab'],
    ['', 'a'],
    ['Z', 'a'],
  ])('texts are ordered by their bytes in UTF-8: %j is below %j', async (low, high) => {
    const below = (a: string, b: string) =>
      carriesOut((table, key) => check(table, key, ':a < :b', { values: { ':a': { S: a }, ':b': { S: b } } }));
    expect((await below(low, high)).result).toEqual({ kind: 'committed' });
    expect((await below(high, low)).result).toEqual({ kind: 'cancelled', reasons: ['conditionFailed'] });
  });

  it('an item may have 400 KB, with the names of its attributes, and not a byte more', async () => {
    const { store, orders } = subject();
    const sized = (bytes: number): Effect => {
      const item = { ...storedItem, name: { N: '-123.5' }, orderId: { S: 'sized' }, fraction: { N: '0.001' } };
      // 116 bytes without the filling.
      return put(orders, { ...item, filling: { S: 'x'.repeat(bytes - 116) } });
    };
    expect(await store.commit(commitOf({ effects: [sized(409_600)] }), call)).toEqual({ kind: 'committed' });
    expect(await store.commit(commitOf({ effects: [sized(409_601)] }), call)).toSatisfy(isRefused);
  });

  it('an item may have 32 levels', async () => {
    const { store, orders, putItem, getItem } = subject();
    const nested = (levels: number): AttributeValue => {
      if (levels === 0) return { S: 'deep' };
      return levels % 2 === 0 ? { L: [nested(levels - 1)] } : { M: { a: nested(levels - 1) } };
    };
    const [of31, of32] = [nested(31), nested(32)];
    const key = orderKey();
    const commit = (effect: Effect) => store.commit(commitOf({ effects: [effect] }), call);
    expect(await commit(put(orders, { ...key, a: of31 }))).toEqual({ kind: 'committed' });
    expect(await commit(put(orders, { ...key, a: of32 }))).toSatisfy(isRefused);
    await putItem(orders, { ...key, a: { M: {} } });
    const set = (path: string, value: AttributeValue) =>
      update(orders, key, `SET ${path} = :v`, { values: { ':v': value } });
    expect(await commit(set('a.b', of31))).toSatisfy(isRefused);
    expect(await commit(set('b', of31))).toEqual({ kind: 'committed' });
    expect(await getItem(orders, key)).toEqual({ ...key, a: { M: {} }, b: of31 });
  });

  it('an attribute has a name', async () => {
    const { store, orders } = subject();
    const nameless = put(orders, { ...orderKey(), map: { M: { '': { N: '1' } } } });
    expect(await store.commit(commitOf({ effects: [nameless] }), call)).toSatisfy(isRefused);
  });

  it.each(refusedUpdates)('an update is refused: %s', async (expression) => {
    const { result, item, key } = await carriesOut((table, key) => update(table, key, expression, used(expression)));
    expect(result).toSatisfy(isRefused);
    expect(item).toEqual(attribute(key));
  });
}

/** The names and values that an expression has. */
function used(expression: string): { names: Record<string, string> | undefined; values: AttributeMap | undefined } {
  return { names: named(expression, caseNames), values: named(expression, caseValues) };
}

function named<Of>(expression: string, all: Readonly<Record<string, Of>>): Record<string, Of> | undefined {
  const entries = Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
