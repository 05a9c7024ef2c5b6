import type { Entry } from '../run/entry.ts';

/**
 * Who works on which idempotency key in this invocation: one record at a time.
 *
 * A record goes first when its turn comes, not before: a unit works on one record, so no two units can wait for each other.
 */
export class KeyLeaders {
  readonly #leaders = new Map<string, Entry>();

  /** The record that goes first for the key; the one asking, if there is none. */
  leaderFor(idempotencyKey: string, entry: Entry): Entry {
    const leader = this.#leaders.get(idempotencyKey);
    if (leader !== undefined) return leader;
    this.#leaders.set(idempotencyKey, entry);
    return entry;
  }

  /** Lets another go first, after the one before is settled. */
  pass(idempotencyKey: string, entry: Entry): void {
    this.#leaders.set(idempotencyKey, entry);
  }
}
