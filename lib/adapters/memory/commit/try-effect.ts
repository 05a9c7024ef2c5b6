import { applyUpdate } from '../expressions/apply-update.ts';
import { holds } from '../expressions/evaluate-condition.ts';
import type { Item } from '../values/value.ts';
import { attributesBytes, largestItemBytes } from '../values/value-size.ts';
import type { Attempt } from './attempt.ts';
import type { PreparedEffect } from './prepare-effect.ts';

const noAttributes: Item = new Map();

/** What comes of an effect on the item as it is now. Throws a `MisfitError` for an update that does not fit it. */
export function tryEffect({ kind, table, key, attributes, values, plan }: PreparedEffect): Attempt {
  const item = table.items.get(key);
  if (plan.condition !== undefined && !holds(plan.condition, item ?? noAttributes, values)) {
    return { reason: 'conditionFailed' };
  }
  if (kind === 'delete') return { write: () => table.items.delete(key) };
  if (kind === 'check') return { write: () => undefined };
  const after = plan.update === undefined ? attributes : applyUpdate(plan.update, item ?? attributes, values);
  if (attributesBytes(after) > largestItemBytes) return { reason: 'invalid' };
  return { write: () => table.items.set(key, after) };
}
