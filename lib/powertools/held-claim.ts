import { IdempotencyRecordStatus } from '@aws-lambda-powertools/idempotency';
import { type BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import type { KeyClaim } from './key-claim.ts';
import { LeaseRenewal } from './lease-renewal.ts';
import type { ClaimTerms, MarkerClaims } from './marker-claims.ts';

type Result = Parameters<BasePersistenceLayer['saveSuccess']>[1];

/** A claim whose lease is renewed until the claim is completed or released. */
export class HeldClaim {
  readonly claim: KeyClaim;
  readonly #claims: MarkerClaims;
  readonly #renewal: LeaseRenewal;

  constructor(claim: KeyClaim, claims: MarkerClaims, { clock, leaseMs }: ClaimTerms) {
    this.claim = claim;
    this.#claims = claims;
    this.#renewal = new LeaseRenewal(claim, claims, clock, leaseMs);
  }

  /** Aborted when the lease is lost; its reason is a `LeaseLostError`. */
  get lost(): AbortSignal {
    return this.#renewal.lost;
  }

  /**
   * The lease is renewed until the completion is confirmed. Answers the record as it stands then; undefined, after a
   * warning, for a result that cannot be stored.
   */
  async complete(result: Result): Promise<IdempotencyRecord | undefined> {
    const { idempotencyKey, fingerprint } = this.claim;
    try {
      const { resultStored, expiresAtSeconds } = await this.#claims.complete(this.claim, result);
      if (!resultStored) {
        console.warn(
          `The result for idempotency key ${idempotencyKey} cannot be stored; a duplicate will get undefined.`,
        );
        return undefined;
      }
      return new IdempotencyRecord({
        idempotencyKey,
        status: IdempotencyRecordStatus.COMPLETED,
        expiryTimestamp: expiresAtSeconds,
        responseData: result,
        ...(fingerprint === undefined ? {} : { payloadHash: fingerprint }),
      });
    } finally {
      this.#renewal.stop();
    }
  }

  /** A release that fails costs a wait for the end of the lease, and must not hide the error of the function. */
  async release(): Promise<void> {
    this.#renewal.stop();
    const error = await this.#claims.release(this.claim);
    if (error !== undefined) {
      console.warn(`Idempotency key ${this.claim.idempotencyKey} stays locked until its lease ends: ${error.message}`);
    }
  }
}
