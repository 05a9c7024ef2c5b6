/** Lengths of a lease that can be configured. */
export const leaseRangeMs = { least: 500, most: 900_000 } as const;

export interface LeaseTerms {
  /** Length of a lease as configured, cut to a third of the invocation's time. */
  readonly leaseMs: number;
  /** Epoch ms at which Lambda ends the invocation; Infinity where that is unknown. */
  readonly deadlineMs: number;
}

/** The lease of an invocation: never over a third of its time, so that a lost owner costs at most that. */
export function leaseTerms(leaseMs: number, nowMs: number, remainingMs: number | undefined): LeaseTerms {
  if (remainingMs === undefined) return { leaseMs, deadlineMs: Number.POSITIVE_INFINITY };
  const invocationMs = Math.max(0, remainingMs);
  return { leaseMs: Math.min(leaseMs, Math.floor(invocationMs / 3)), deadlineMs: nowMs + invocationMs };
}

/** End of a lease granted now: never past the deadline, after which the owner cannot act any more. */
export function leaseUntil(terms: LeaseTerms, nowMs: number): number {
  return Math.min(nowMs + terms.leaseMs, terms.deadlineMs);
}

/** How often leases are looked after: six times in the length of one. */
export function leaseTickMs(terms: LeaseTerms): number {
  return Math.max(1, Math.floor(terms.leaseMs / 6));
}

/** A lease is renewed when a third of it has passed, if that would make it last longer. */
export function isRenewalDue(terms: LeaseTerms, untilMs: number, nowMs: number): boolean {
  return untilMs < terms.deadlineMs && untilMs - nowMs <= (terms.leaseMs * 2) / 3;
}

/**
 * Whether the owner may still act under its lease.
 *
 * It must stop before others may take over. It looks once a tick, so a lease that ends before the next look is treated
 * as over; one that lasts to the deadline is bounded by the time budget instead.
 */
export function isLeaseSafe(terms: LeaseTerms, untilMs: number, nowMs: number): boolean {
  if (untilMs >= terms.deadlineMs) return nowMs < terms.deadlineMs;
  return nowMs + leaseTickMs(terms) < untilMs;
}

/**
 * Whether the owner's process stood still between two looks at its leases: they come once a tick, and this one is late by
 * more than another. What ran out meanwhile ran out unseen; it is not known to be lost.
 */
export function wasStalled(terms: LeaseTerms, lookedAtMs: number, nowMs: number): boolean {
  return nowMs - lookedAtMs > 2 * leaseTickMs(terms);
}
