import { describe, expect, it } from 'vitest';
import { isLeaseSafe, isRenewalDue, leaseTerms, leaseTickMs, leaseUntil } from '../../../lib/core/claim/lease.ts';

const terms = { leaseMs: 6_000, deadlineMs: 60_000 };

describe('a lease', () => {
  it('is never over a third of the invocation, and unbounded in time without a context', () => {
    expect(leaseTerms(30_000, 1_000, 60_000)).toEqual({ leaseMs: 20_000, deadlineMs: 61_000 });
    expect(leaseTerms(5_000, 0, 60_000)).toEqual({ leaseMs: 5_000, deadlineMs: 60_000 });
    expect(leaseTerms(30_000, 0, undefined)).toEqual({ leaseMs: 30_000, deadlineMs: Number.POSITIVE_INFINITY });
    expect(leaseTerms(30_000, 7, -5)).toEqual({ leaseMs: 0, deadlineMs: 7 });
  });

  it('ends at the deadline at the latest', () => {
    expect(leaseUntil(terms, 10_000)).toBe(16_000);
    expect(leaseUntil(terms, 55_000)).toBe(60_000);
  });

  it('is looked after six times in its length, and never without pause', () => {
    expect(leaseTickMs(terms)).toBe(1_000);
    expect(leaseTickMs({ ...terms, leaseMs: 0 })).toBe(1);
  });

  it('is renewed once a third has passed, unless it lasts to the deadline', () => {
    expect(isRenewalDue(terms, 16_000, 11_999)).toBe(false);
    expect(isRenewalDue(terms, 16_000, 12_000)).toBe(true);
    expect(isRenewalDue(terms, 60_000, 59_000)).toBe(false);
  });

  it('is safe to act under while it lasts beyond the next look', () => {
    expect(isLeaseSafe(terms, 16_000, 14_999)).toBe(true);
    expect(isLeaseSafe(terms, 16_000, 15_000)).toBe(false);
    expect(isLeaseSafe(terms, 60_000, 59_999)).toBe(true);
    expect(isLeaseSafe(terms, 60_000, 60_000)).toBe(false);
  });
});
