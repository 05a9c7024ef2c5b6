import type { Marker } from '../../core/claim/marker.ts';
import type { ReleaseWrite } from '../../ports/idempotency-store.ts';
import { Gather } from '../run/gather.ts';
import type { ClaimTerms } from './claim-terms.ts';
import type { HeldClaim } from './held-claim.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { callStore } from './store-failure.ts';

const batchSize = 25;
const gatherMs = 4;

/**
 * Ends claims without a completion, so that others need not wait for the lease.
 *
 * A release that fails is not tried again: the lease runs out by itself, and the record is undone either way.
 */
export class Releases {
  readonly #leases: LeaseKeeper;
  readonly #gather: Gather<ReleaseWrite, 'sent'>;

  constructor(terms: ClaimTerms, leases: LeaseKeeper) {
    this.#leases = leases;
    this.#gather = new Gather({
      clock: terms.clock,
      size: batchSize,
      delayMs: gatherMs,
      send: async (writes) => {
        const { store, budget } = terms;
        // Nothing can be waited for any more: the store would be blamed for an answer that it had no time to give.
        if (budget.answering.aborted) return writes.map(() => 'sent');
        await callStore('release', writes.length, () => store.release(writes, { signal: budget.answering }), terms);
        return writes.map(() => 'sent');
      },
    });
  }

  /** After a failure: the marker stays, with its count of attempts. */
  async afterFailure(claim: HeldClaim, attempts: number): Promise<void> {
    const { idempotencyKey, owner } = claim;
    await this.#release(claim, { idempotencyKey, owner, to: 'keep', attempts });
  }

  /** Leaves a suspect what it was: the outcome of the claim before this one is unknown, and this one does not count. */
  async leaveUnknown(
    { idempotencyKey, owner }: Pick<HeldClaim, 'idempotencyKey' | 'owner'>,
    was: Marker,
  ): Promise<void> {
    const { attempts, alone } = was;
    await this.#gather.add({ idempotencyKey, owner, to: 'unknown', attempts, alone });
  }

  /** Gives back a claim whose handler was never started: as if it had not been made. */
  async giveBack(claim: HeldClaim): Promise<void> {
    const { idempotencyKey, owner, suspected } = claim;
    if (suspected !== undefined) {
      this.#leases.drop(claim);
      await this.leaveUnknown(claim, suspected);
      return;
    }
    await this.#release(
      claim,
      claim.inserted
        ? { idempotencyKey, owner, to: 'erase' }
        : { idempotencyKey, owner, to: 'keep', attempts: claim.attempts - 1 },
    );
  }

  /** For a claim that may have been written although the store failed. */
  async undo(write: ReleaseWrite): Promise<void> {
    await this.#gather.add(write);
  }

  async #release(claim: HeldClaim, write: ReleaseWrite): Promise<void> {
    this.#leases.drop(claim);
    await this.#gather.add(write);
  }
}
