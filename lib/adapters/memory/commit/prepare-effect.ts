import type { Effect } from '../../../core/effects/effect.ts';
import { type Plan, planOf } from '../expressions/plan.ts';
import { InvalidEffectError } from '../refusals.ts';
import { itemKey, wholeKey } from '../tables/item-key.ts';
import { type Table, type Tables, tableOf } from '../tables/tables.ts';
import { readAttributes } from '../values/read-attribute.ts';
import type { Item } from '../values/value.ts';
import { attributesBytes, largestItemBytes } from '../values/value-size.ts';

/** An effect as far as it can be worked out without the stored item, and a copy of all that it says. */
export interface PreparedEffect {
  readonly kind: Effect['kind'];
  readonly table: Table;
  readonly key: string;
  /** What is put; of other effects the key. */
  readonly attributes: Item;
  readonly values: Item;
  readonly plan: Plan;
  /** What it counts towards the size of a request. */
  readonly bytes: number;
}

/**
 * Checks all that DynamoDB checks before it looks at an item.
 *
 * Throws an `InvalidEffectError`, or a `StoreError` if there is no such table.
 */
export function prepareEffect(tables: Tables, effect: Effect): PreparedEffect {
  const { kind, condition, names } = effect;
  const table = tableOf(tables, effect.table);
  const attributes = readAttributes(kind === 'put' ? effect.item : effect.key);
  const key = kind === 'put' ? itemKey(table.schema, attributes) : wholeKey(table.schema, attributes);
  const values = effect.values === undefined ? undefined : readAttributes(effect.values);
  const plan = planOf({ condition, names, update: kind === 'update' ? effect.update : undefined }, values);
  for (const { name } of table.schema) {
    if (plan.update?.changes.has(name)) throw new InvalidEffectError(`it changes the key attribute ${name}`);
  }
  const ownBytes = attributesBytes(attributes);
  const valuesBytes = values === undefined ? 0 : attributesBytes(values);
  if (ownBytes > largestItemBytes) throw new InvalidEffectError('its item has over 400 KB');
  if (valuesBytes > largestItemBytes) throw new InvalidEffectError('its values have over 400 KB');
  return { kind, table, key, attributes, values: values ?? new Map(), plan, bytes: ownBytes + valuesBytes };
}
