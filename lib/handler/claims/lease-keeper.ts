import { isLeaseSafe, isRenewalDue, leaseTickMs, leaseUntil, wasStalled } from '../../core/claim/lease.ts';
import type { Cancel } from '../../ports/clock.ts';
import type { ClaimTerms } from './claim-terms.ts';
import type { HeldClaim } from './held-claim.ts';
import { callStore } from './store-failure.ts';

/**
 * Keeps the leases of held claims, from the claim to its confirmed end.
 *
 * It looks at all of them once a tick: renews those that are due, and gives up, aborting the handler, those that it could
 * not renew before others may take over. After a stall of the process, in which it could neither renew nor abort, it asks
 * the store before it gives up: a renewal is granted only while nobody has taken over.
 */
export class LeaseKeeper {
  readonly #terms: ClaimTerms;
  readonly #claims = new Set<HeldClaim>();
  #cancel: Cancel | undefined;
  #lookedAtMs = 0;

  constructor(terms: ClaimTerms) {
    this.#terms = terms;
  }

  /** How many claims the invocation holds. */
  get size(): number {
    return this.#claims.size;
  }

  keep(claim: HeldClaim): void {
    this.#claims.add(claim);
    if (this.#cancel !== undefined) return;
    this.#lookedAtMs = this.#terms.clock.nowMs();
    this.#cancel = this.#schedule();
  }

  drop(claim: HeldClaim): void {
    this.#claims.delete(claim);
  }

  /** Whether the claim may be acted on now; renews it first if its lease is about to end. */
  async ensure(claim: HeldClaim): Promise<boolean> {
    if (claim.lost.aborted) return false;
    if (this.#isSafe(claim)) return true;
    if (this.#isRenewable(claim)) await this.#renew([claim]);
    if (!claim.lost.aborted && this.#isSafe(claim)) return true;
    this.#lose(claim, 'its lease was over before its handler could start');
    return false;
  }

  /** Ends all renewals. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#claims.clear();
  }

  #schedule(): Cancel {
    return this.#terms.clock.schedule(leaseTickMs(this.#terms.lease), () => {
      this.#cancel = this.#schedule();
      this.#look();
    });
  }

  #look(): void {
    const nowMs = this.#terms.clock.nowMs();
    const stalled = wasStalled(this.#terms.lease, this.#lookedAtMs, nowMs);
    this.#lookedAtMs = nowMs;
    const canRenew = isLeaseSafe(this.#terms.lease, leaseUntil(this.#terms.lease, nowMs), nowMs);
    const due: HeldClaim[] = [];
    for (const claim of this.#claims) {
      if (!this.#isSafe(claim)) {
        if (!stalled || !canRenew) this.#lose(claim, 'its lease could not be renewed in time');
        else if (this.#isRenewable(claim)) due.push(claim);
      } else if (this.#isRenewable(claim) && this.#isDue(claim)) due.push(claim);
    }
    void this.#renew(due);
  }

  async #renew(claims: readonly HeldClaim[]): Promise<void> {
    const { store, clock, lease, budget } = this.#terms;
    const until = leaseUntil(lease, clock.nowMs());
    const renewals = claims.map(({ idempotencyKey, owner }) => ({ idempotencyKey, owner, leaseUntilMs: until }));
    for (const claim of claims) claim.renewing = true;
    const results = await callStore(
      'renew',
      claims.length,
      () => store.renew(renewals, { signal: budget.answering }),
      this.#terms,
    );
    const stale: HeldClaim[] = [];
    claims.forEach((claim, index) => {
      claim.renewing = false;
      const kind = results[index]?.kind;
      if (kind === 'renewed') {
        claim.leaseUntilMs = until;
        // The process stood still while the answer was on its way.
        if (this.#claims.has(claim) && !claim.completing && !this.#isSafe(claim)) stale.push(claim);
      } else if (kind === 'refused' && this.#claims.has(claim) && !claim.completing)
        this.#lose(claim, 'another owner has its claim');
    });
    if (stale.length > 0 && leaseUntil(lease, clock.nowMs()) > until) await this.#renew(stale);
  }

  #lose(claim: HeldClaim, why: string): void {
    if (claim.lost.aborted) return;
    this.#claims.delete(claim);
    this.#terms.observer.observe({ type: 'leaseLost', coordinates: claim.entry.received });
    claim.lose(why);
  }

  #isSafe(claim: HeldClaim): boolean {
    return isLeaseSafe(this.#terms.lease, claim.leaseUntilMs, this.#terms.clock.nowMs());
  }

  #isRenewable(claim: HeldClaim): boolean {
    return !claim.renewing && !claim.completing;
  }

  #isDue(claim: HeldClaim): boolean {
    return isRenewalDue(this.#terms.lease, claim.leaseUntilMs, this.#terms.clock.nowMs());
  }
}
