import { describe, expect, it } from 'vitest';
import type { AttributeMap } from '../../lib/core/effects/attribute-value.ts';
import type { Effect } from '../../lib/core/effects/effect.ts';
import type { CommitResult } from '../../lib/ports/commit-store.ts';
import { type CommitStoreUnderTest, check, commitOf, orderKey, update } from './commit-store.support.ts';
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
