import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostTogether } from '../../../../lib/handler/commit/calls/most-together.ts';

describe('how many records are called together', () => {
  it('is less with each attempt, and the last one is made alone', () => {
    const sizes = [1, 2, 3, 4, 10].map((attempts) => mostTogether(100, attempts, 10));
    expect(sizes).toEqual([100, 25, 6, 1, 1]);
    expect(mostTogether(1_000, 3, 3)).toBe(1);
    expect(mostTogether(100, 3, Number.POSITIVE_INFINITY)).toBe(6);
  });

  it('is all of them where nobody knows of attempts, and at the first', () => {
    expect(mostTogether(100, undefined, 10)).toBe(100);
    expect(mostTogether(100, 1, 1)).toBe(100);
  });

  it('is at least one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (most, attempts, maxAttempts) => {
          const together = mostTogether(most, attempts, maxAttempts);
          expect(together).toBeGreaterThanOrEqual(1);
          expect(together).toBeLessThanOrEqual(most);
        },
      ),
    );
  });
});
