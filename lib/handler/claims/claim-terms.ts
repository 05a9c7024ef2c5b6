import type { LeaseTerms } from '../../core/claim/lease.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { Observer } from '../../ports/observer.ts';
import type { Randomness } from '../../ports/randomness.ts';
import type { TimeBudget } from '../run/time-budget.ts';

/** How claims are made; the user's options, resolved. */
export interface ClaimSettings {
  readonly leaseMs: number;
  readonly clockSkewMs: number;
  readonly expiresAfterSeconds: number;
  readonly completionLag: number;
  readonly maxConcurrency: number;
  /** Infinity where there is no dead-letter sink. */
  readonly maxAttempts: number;
  readonly onUnknownOutcome: 'handleAgain' | 'deadLetter';
  readonly onStoreFailure: 'fail' | 'handleUnprotected';
  readonly storeResult: boolean;
}

/** What everything that touches claims needs, for one invocation. */
export interface ClaimTerms {
  readonly settings: ClaimSettings;
  readonly store: IdempotencyStore;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly observer: Observer;
  readonly lease: LeaseTerms;
  readonly budget: TimeBudget;
}

/** Lambda ends an invocation after 15 minutes at the latest. */
const longestInvocationMs = 900_000;

/** Epoch seconds until which a claim made now is kept: whatever the retention, no live claim may be deleted by TTL. */
export function claimExpiresAt(terms: ClaimTerms): number {
  return Math.max(expiresAt(terms), Math.ceil((terms.clock.nowMs() + 2 * longestInvocationMs) / 1000));
}

/** Epoch seconds until which a completion marked now counts; never below the lease. */
export function expiresAt(terms: ClaimTerms): number {
  const nowMs = terms.clock.nowMs();
  return Math.ceil(Math.max(nowMs + terms.settings.expiresAfterSeconds * 1000, nowMs + terms.lease.leaseMs) / 1000);
}
