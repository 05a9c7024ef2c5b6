import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../lib/core/time/backoff.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('backoffMs', () => {
  it('doubles from 50 ms to 2 s, half of it left to chance', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 1_000].map((failures) => backoffMs(failures, 1));
    const shortest = [0, 1, 2, 3, 4, 5, 6, 1_000].map((failures) => backoffMs(failures, 0));
    expect(longest).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
    expect(shortest).toEqual([25, 50, 100, 200, 400, 800, 1_000, 1_000]);
  });

  it('is a whole number from 25 ms to 2 s, after however many failures', () => {
    fc.assert(
      fc.property(fc.nat(), fraction, (failures, chance) => {
        const delayMs = backoffMs(failures, chance);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(25);
        expect(delayMs).toBeLessThanOrEqual(2_000);
      }),
    );
  });

  it('never shrinks with more failures at the same chance', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100 }), fraction, (failures, chance) => {
        expect(backoffMs(failures + 1, chance)).toBeGreaterThanOrEqual(backoffMs(failures, chance));
      }),
    );
  });
});
