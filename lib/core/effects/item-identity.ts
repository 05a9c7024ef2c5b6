import type { Effect } from './effect.ts';
import { scalarIdentity } from './scalar-identity.ts';

/**
 * One text for each item of a table: equal for two effects on one item, whatever the order of the key's attributes and
 * the spelling of numbers.
 *
 * Undefined where the item is not known: a put does not say which of its attributes are the key, so `keyNames` must. A
 * table named by its ARN is another than the one of that name, because the account of the name is not known here.
 */
export function itemIdentity(effect: Effect, keyNames?: readonly string[]): string | undefined {
  const [attributes, names] = effect.kind === 'put' ? [effect.item, keyNames] : [effect.key, Object.keys(effect.key)];
  const key: string[] = [];
  for (const name of names?.toSorted() ?? []) {
    const value = attributes[name];
    const identity = value === undefined ? undefined : scalarIdentity(value);
    if (identity === undefined) return undefined;
    key.push(name, identity);
  }
  return key.length === 0 ? undefined : JSON.stringify([effect.table, ...key]);
}

/** The names of the key attributes of each table, as far as the effects tell. */
export function keyNamesOf(effects: readonly Effect[]): Map<string, readonly string[]> {
  const keyNames = new Map<string, readonly string[]>();
  for (const effect of effects) if (effect.kind !== 'put') keyNames.set(effect.table, Object.keys(effect.key));
  return keyNames;
}
