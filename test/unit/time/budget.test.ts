import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBudget } from '../../../lib/core/time/budget.ts';

describe('planBudget', () => {
  it.each([
    // remaining, reserve
    [900_000, 10_000],
    [100_000, 10_000],
    [60_000, 6_000],
    [5_000, 500],
    [3_000, 500],
    [300, 500],
    [0, 500],
  ])('keeps a reserve of a tenth, 0.5 to 10 s: of %i ms, %i ms', (remainingMs, reserveMs) => {
    expect(planBudget(1_000_000, remainingMs)).toEqual({
      startByMs: 1_000_000 + remainingMs - reserveMs,
      abortAtMs: 1_000_000 + remainingMs - reserveMs / 2,
      sendByMs: 1_000_000 + remainingMs - (reserveMs * 3) / 8,
      hardStopAtMs: 1_000_000 + remainingMs - reserveMs / 4,
      deadlineMs: 1_000_000 + remainingMs,
    });
  });

  it('has no end where nobody can tell the remaining time', () => {
    const never = Number.POSITIVE_INFINITY;
    expect(planBudget(5, undefined)).toEqual({
      startByMs: never,
      abortAtMs: never,
      sendByMs: never,
      hardStopAtMs: never,
      deadlineMs: never,
    });
  });

  it('always stops starting, then aborts, then waits for no letter, then stops, then ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 42 }), fc.integer({ min: 0, max: 900_000 }), (nowMs, remainingMs) => {
        const plan = planBudget(nowMs, remainingMs);
        expect(plan.startByMs).toBeLessThan(plan.abortAtMs);
        expect(plan.abortAtMs).toBeLessThan(plan.sendByMs);
        expect(plan.sendByMs).toBeLessThan(plan.hardStopAtMs);
        expect(plan.hardStopAtMs).toBeLessThan(plan.deadlineMs);
        const reserveMs = plan.deadlineMs - plan.startByMs;
        expect(reserveMs).toBeGreaterThanOrEqual(500);
        expect(reserveMs).toBeLessThanOrEqual(10_000);
      }),
    );
  });
});
