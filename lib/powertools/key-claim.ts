import { type LeaseTerms, leaseTerms, leaseUntil } from '../core/claim/lease.ts';

/** The longest time-out that Lambda allows: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
export const longestInvocationMs = 900_000;

export interface ClaimRequest {
  readonly idempotencyKey: string;
  /** Hash of the payload to be validated; undefined where validation is off. */
  readonly fingerprint: string | undefined;
  readonly expiresAfterSeconds: number;
  /** Remaining time of the invocation; undefined where it is unknown. */
  readonly remainingMs: number | undefined;
}

/** A claim on a key, held by one call of an idempotent function. */
export interface KeyClaim {
  readonly idempotencyKey: string;
  readonly fingerprint: string | undefined;
  readonly expiresAfterSeconds: number;
  readonly owner: string;
  readonly fence: number;
  readonly attempts: number;
  readonly claimedAtMs: number;
  readonly lease: LeaseTerms;
  /** Epoch milliseconds; grows with each renewal. */
  leaseUntilMs: number;
}

export interface NewClaimTerms {
  readonly owner: string;
  readonly fence: number;
  readonly attempts: number;
  readonly leaseMs: number;
  readonly nowMs: number;
}

export function newKeyClaim(request: ClaimRequest, terms: NewClaimTerms): KeyClaim {
  const { idempotencyKey, fingerprint, expiresAfterSeconds } = request;
  const { owner, fence, attempts, leaseMs, nowMs } = terms;
  // No time left is what a context of an earlier invocation says, so it is taken for no information.
  const remainingMs = request.remainingMs !== undefined && request.remainingMs > 0 ? request.remainingMs : undefined;
  const lease = leaseTerms(leaseMs, nowMs, remainingMs);
  return {
    idempotencyKey,
    fingerprint,
    expiresAfterSeconds,
    owner,
    fence,
    attempts,
    claimedAtMs: nowMs,
    lease,
    leaseUntilMs: leaseUntil(lease, nowMs),
  };
}

/** The terms on which a lease is renewed. A process that outlives its deadline was told that of another invocation. */
export function currentLease(claim: KeyClaim, leaseMs: number, nowMs: number): LeaseTerms {
  return nowMs < claim.lease.deadlineMs ? claim.lease : leaseTerms(leaseMs, nowMs, undefined);
}
