import type { Effect } from './effect.ts';
import { ItemsOnce } from './items-once.ts';

/**
 * Whether an effect of the one record is certainly on an item of the other, so that they cannot share a transaction.
 *
 * What the one tells of the keys of a table is used for the puts of the other. Each list by itself is one that an
 * `EffectRecorder` took.
 */
export function mayTouchSameItem(one: readonly Effect[], other: readonly Effect[]): boolean {
  const items = new ItemsOnce();
  return [...one, ...other].some((effect) => items.clashWith(effect) !== undefined);
}
