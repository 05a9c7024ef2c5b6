import { isLeaseSafe, isRenewalDue, leaseTickMs } from '../core/claim/lease.ts';
import { LeaseLostError } from '../core/errors/errors.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import { currentLease, type KeyClaim, longestInvocationMs } from './key-claim.ts';
import type { MarkerClaims } from './marker-claims.ts';

/**
 * Renews the lease of one claim until it is stopped, is refused, or has lasted longer than any invocation can.
 *
 * A function that never settles thus cannot lock its key for as long as its environment lives.
 */
export class LeaseRenewal {
  readonly #claim: KeyClaim;
  readonly #claims: MarkerClaims;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #lost = new AbortController();
  #cancel: Cancel | undefined;
  #stopped = false;

  constructor(claim: KeyClaim, claims: MarkerClaims, clock: Clock, leaseMs: number) {
    this.#claim = claim;
    this.#claims = claims;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
    this.#scheduleLook();
  }

  /** Aborted when the lease was lost, or could not be renewed before others may take the claim over. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #scheduleLook(): void {
    // Also right after the deadline: a process that is still there was told that of another invocation.
    const untilDeadlineMs = this.#claim.lease.deadlineMs - this.#clock.nowMs();
    const tickMs = leaseTickMs(this.#lease());
    const delayMs = untilDeadlineMs > 0 ? Math.min(tickMs, untilDeadlineMs + 1) : tickMs;
    this.#cancel = this.#clock.schedule(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#claim.claimedAtMs > longestInvocationMs) return;
    const lease = this.#lease();
    if (isRenewalDue(lease, this.#claim.leaseUntilMs, nowMs) && (await this.#claims.renew(this.#claim)) === 'refused') {
      this.#lose();
      return;
    }
    if (this.#stopped) return;
    if (!isLeaseSafe(lease, this.#claim.leaseUntilMs, this.#clock.nowMs())) this.#lose();
    this.#scheduleLook();
  }

  #lose(): void {
    if (this.#stopped) return;
    this.#lost.abort(new LeaseLostError(`The lease on idempotency key ${this.#claim.idempotencyKey} was lost.`));
  }

  #lease(): ReturnType<typeof currentLease> {
    return currentLease(this.#claim, this.#leaseMs, this.#clock.nowMs());
  }
}
