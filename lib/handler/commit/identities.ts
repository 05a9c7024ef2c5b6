import type { Effect } from '../../core/effects/effect.ts';
import { itemIdentity, keyNamesOf } from '../../core/effects/item-identity.ts';

/**
 * Items that effects touch, as far as they are known: a put names its key only by the key attributes of its table, which
 * are learnt from other effects on it.
 */
export class Identities {
  readonly #counts = new Map<string, number>();
  readonly #keyNames: Map<string, readonly string[]>;

  constructor(keyNames: Map<string, readonly string[]> = new Map()) {
    this.#keyNames = keyNames;
  }

  /** Others, with the same knowledge of tables. */
  empty(): Identities {
    return new Identities(this.#keyNames);
  }

  /** Learns the key attributes of tables. */
  learn(effects: readonly Effect[]): void {
    for (const [table, names] of keyNamesOf(effects)) this.#keyNames.set(table, names);
  }

  clash(effects: readonly Effect[]): boolean {
    return this.#of(effects).some((identity) => this.#counts.has(identity));
  }

  /** Answers what was added, to be removed as it was: more may be known of the tables by then. */
  add(effects: readonly Effect[]): readonly string[] {
    const added = this.#of(effects);
    for (const one of added) this.#counts.set(one, (this.#counts.get(one) ?? 0) + 1);
    return added;
  }

  remove(added: readonly string[]): void {
    for (const one of added) {
      const left = (this.#counts.get(one) ?? 0) - 1;
      if (left > 0) this.#counts.set(one, left);
      else this.#counts.delete(one);
    }
  }

  #of(effects: readonly Effect[]): readonly string[] {
    return effects.flatMap((effect) => itemIdentity(effect, this.#keyNames.get(effect.table)) ?? []);
  }
}
