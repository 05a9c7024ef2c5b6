import { describe, expect, it } from 'vitest';
import { lookAhead } from '../../../lib/core/claim/look-ahead.ts';

describe('the look-ahead', () => {
  it.each([
    ['one batch while nothing is known', undefined, 10, 30_000, 25],
    ['as many as may run, if those are more', undefined, 200, 30_000, 200],
    ['four batches for a fast handler', 1, 10, 30_000, 100],
    ['four batches for one that takes no time', 0, 10, 30_000, 100],
    ['what can start within a third of a lease, in whole batches', 2_000, 10, 30_000, 50],
    ['less than a batch for a slow one', 5_000, 10, 30_000, 20],
    ['only those that can run for a very slow one', 600_000, 10, 30_000, 10],
  ] as const)('is %s', (_what, handlerMs, concurrency, leaseMs, expected) => {
    expect(lookAhead({ handlerMs, concurrency, leaseMs })).toBe(expected);
  });
});
