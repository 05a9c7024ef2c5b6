import { judgeMarker } from '../../core/claim/judge-marker.ts';
import type { Marker } from '../../core/claim/marker.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { StoreError } from '../../ports/store-error.ts';
import type { Prepared } from '../run/entry.ts';
import { wait } from '../run/wait.ts';
import type { Acquired } from './acquired.ts';
import { type ClaimTerms, expiresAt } from './claim-terms.ts';
import type { Releases } from './releases.ts';
import { callStore } from './store-failure.ts';

/**
 * Kafka keys that are held after a dead letter: none of their records is handled until a person releases them.
 *
 * A hold is a COMPLETED marker under a key of its own. Only records with a `holdKey` cost a request.
 */
export class Holds {
  readonly #terms: ClaimTerms;
  readonly #releases: Releases;
  /** By the hold key of what this invocation knows to be held: whether the marker stands in the store. */
  readonly #held = new Map<string, boolean>();

  constructor(terms: ClaimTerms, releases: Releases) {
    this.#terms = terms;
    this.#releases = releases;
  }

  /** Of a claimed record: whether it must not be handled, by what was read after its claim or happened since. */
  isHeld({ holdKey }: Prepared): boolean {
    return holdKey !== undefined && this.#held.has(holdKey);
  }

  /**
   * Reads the hold markers of what was claimed; gives back, as failed, the claims for which that cannot be done.
   *
   * After the claims, not before: an earlier record that the claim found done may have been dead-lettered by another
   * invocation a moment ago. Its hold was written before it was marked, so a read that comes later sees it. `signal`: ends
   * the reading.
   */
  async check(acquired: readonly Acquired[], signal: AbortSignal): Promise<readonly Acquired[]> {
    const wanted = new Set(acquired.map(holdKeyOf).filter((key) => key !== undefined && !this.#held.has(key)));
    const unread = await this.#read(
      [...wanted].filter((key) => key !== undefined),
      signal,
    );
    if (unread === undefined) return acquired;
    return await Promise.all(
      acquired.map(async (one): Promise<Acquired> => {
        const key = holdKeyOf(one);
        if (one.kind !== 'claimed' || key === undefined || !unread.keys.has(key)) return one;
        await this.#releases.giveBack(one.claim);
        return { kind: 'failed', error: unread.error };
      }),
    );
  }

  /** Reads the hold marker of a record that is not claimed, when its turn comes; answers why that cannot be done. */
  async look({ holdKey }: Prepared): Promise<StoreError | undefined> {
    if (holdKey === undefined || this.#held.has(holdKey)) return undefined;
    return (await this.#read([holdKey], this.#terms.budget.starting))?.error;
  }

  /**
   * Holds the Kafka key of a record whose letter is stored, by writing the marker unless it stands. True once it does.
   *
   * `source`: the record, as coordinates.
   */
  async hold({ holdKey }: Prepared, source: string): Promise<boolean> {
    if (holdKey === undefined || this.#held.get(holdKey) === true) return true;
    // Not before the letter: whoever meets it in memory is put aside as well.
    this.#held.set(holdKey, false);
    const { store, budget } = this.#terms;
    const marker = {
      idempotencyKey: holdKey,
      expiresAtSeconds: expiresAt(this.#terms),
      fingerprint: undefined,
      source,
    };
    const call = { signal: budget.answering };
    const [result] = await callStore('markCompleted', 1, () => store.markCompleted([marker], call), this.#terms);
    const stands = result?.kind === 'marked';
    if (stands) this.#held.set(holdKey, true);
    return stands;
  }

  /** Waits out an outage within the time budget; answers what could not be read, and why. */
  async #read(
    keys: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly keys: ReadonlySet<string>; readonly error: StoreError } | undefined> {
    const { store, clock, randomness } = this.#terms;
    const call = { signal };
    for (let open = keys, failures = 1; open.length > 0; failures += 1) {
      const asked = open;
      const results = await callStore('read', asked.length, () => store.read(asked, call), this.#terms);
      let error: StoreError | undefined;
      open = asked.filter((key, index) => {
        const result = results[index];
        if (result?.kind === 'failed') error = result.error;
        else if (result?.marker !== undefined) this.#note(key, result.marker);
        return result?.kind === 'failed';
      });
      if (error === undefined) return undefined;
      const goOn =
        error.kind === 'unavailable' && (await wait(clock, backoffMs(failures, randomness.fraction()), signal));
      if (!goOn) return { keys: new Set(open), error };
    }
    return undefined;
  }

  #note(key: string, marker: Marker): void {
    const { clock, settings } = this.#terms;
    const terms = { owner: '', nowMs: clock.nowMs(), clockSkewMs: settings.clockSkewMs };
    if (judgeMarker(marker, terms).kind === 'completed') this.#held.set(key, true);
  }
}

function holdKeyOf(acquired: Acquired): string | undefined {
  return acquired.kind === 'claimed' ? acquired.claim.prepared.holdKey : undefined;
}
