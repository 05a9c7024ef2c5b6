import type { Effect } from './effect.ts';
import { itemIdentity, keyNamesOf } from './item-identity.ts';

/** Finds two effects of one record that are on the same item, as far as their keys are known. */
export class ItemsOnce {
  readonly #effects: Effect[] = [];
  readonly #indexOf = new Map<string, number>();
  readonly #keyNames = new Map<string, readonly string[]>();

  /** The indices of two effects on one item, when this one is added to them; it is remembered only if there are none. */
  clashWith(effect: Effect): readonly [number, number] | undefined {
    const { table } = effect;
    const known = this.#keyNames.get(table);
    const keyNames = known ?? keyNamesOf([effect]).get(table);
    const effects = [...this.#effects, effect];
    const found = new Map<string, number>();
    // The first effect that tells the key of a table makes the earlier puts on it comparable.
    for (let index = known === undefined ? 0 : effects.length - 1; index < effects.length; index += 1) {
      const one = effects[index];
      const identity = one?.table === table ? itemIdentity(one, keyNames) : undefined;
      if (identity === undefined) continue;
      const other = found.get(identity) ?? this.#indexOf.get(identity);
      if (other !== undefined) return [other, index];
      found.set(identity, index);
    }
    this.#effects.push(effect);
    if (keyNames !== undefined) this.#keyNames.set(table, keyNames);
    for (const [identity, index] of found) this.#indexOf.set(identity, index);
    return undefined;
  }
}
