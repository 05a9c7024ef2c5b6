import { systemClock } from '../adapters/system/system-clock.ts';
import { systemRandomness } from '../adapters/system/system-randomness.ts';
import { ConfigurationError } from '../core/errors/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { Randomness } from '../ports/randomness.ts';
import type { ClaimTerms } from './marker-claims.ts';

export interface KafkaOncePersistenceLayerOptions {
  /** Where the markers live: `dynamoDbStore(...)`. */
  readonly store: IdempotencyStore;
  /**
   * How long a claim outlives a process that died, in milliseconds; default 30 000. Cut to a third of the invocation's
   * remaining time where the Lambda context is registered. A shorter lease costs more renewals: one each third of it.
   */
  readonly leaseMs?: number;
  /** How far the clocks of two machines may differ, in milliseconds; default 2000. A lease is over only this much later. */
  readonly clockSkewMs?: number;
  /** Default: the clock of this machine. */
  readonly clock?: Clock;
  /** Default: that of the operating system. */
  readonly randomness?: Randomness;
}

/** The options with their defaults. Throws a `ConfigurationError` for a length of time that is none. */
export function claimTerms(options: KafkaOncePersistenceLayerOptions): ClaimTerms {
  const { store, leaseMs = 30_000, clockSkewMs = 2000 } = options;
  const { clock = systemClock, randomness = systemRandomness } = options;
  requireMs('leaseMs', leaseMs, 1);
  requireMs('clockSkewMs', clockSkewMs, 0);
  return { store, leaseMs, clockSkewMs, clock, randomness };
}

function requireMs(property: string, value: number, least: number): void {
  if (!Number.isFinite(value) || value < least) {
    throw new ConfigurationError(property, `must be a number of milliseconds, ${least} or more`);
  }
}
