import type { ReadResult } from '../../ports/idempotency-store.ts';
import type { ClaimTerms } from '../claims/claim-terms.ts';
import { callStore } from '../claims/store-failure.ts';
import type { Prepared } from '../run/entry.ts';
import { Gather } from '../run/gather.ts';

const keysARead = 100;
const gatherMs = 4;

/**
 * Reads how often a record has failed before, where no marker is read otherwise.
 *
 * Only the size of calls depends on it, so a read that fails is no failure: nobody knows then.
 */
export class EarlierAttempts {
  readonly #reads: Gather<string, ReadResult>;

  constructor(terms: ClaimTerms) {
    const { clock, store, budget } = terms;
    this.#reads = new Gather({
      clock,
      size: keysARead,
      delayMs: gatherMs,
      send: (keys) => callStore('read', keys.length, () => store.read(keys, { signal: budget.starting }), terms),
    });
  }

  /** The number of the attempt that is about to be made; undefined if nobody knows. */
  async attempt({ coordinatesKey }: Prepared): Promise<number | undefined> {
    const result = await this.#reads.add(coordinatesKey);
    return result.kind === 'failed' || result.marker === undefined ? undefined : result.marker.attempts + 1;
  }
}
