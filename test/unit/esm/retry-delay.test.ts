import { describe, expect, it } from 'vitest';
import { retryDelay } from '../../../lib/local/esm/retry-delay.ts';

describe('the wait before a retry', () => {
  it('doubles from 100 ms to 5 s', () => {
    const delay = retryDelay({});
    expect([0, 1, 5, 6, 10_000].map(delay)).toEqual([100, 200, 3200, 5000, 5000]);
  });

  it('keeps what it is told', () => {
    expect([0, 1, 2].map(retryDelay({ baseMs: 10, maximumMs: 20 }))).toEqual([10, 20, 20]);
    expect(retryDelay({ baseMs: 60_000 })(3)).toBe(60_000);
  });

  it.each([{ baseMs: -1 }, { baseMs: 10, maximumMs: 5 }, { baseMs: Number.NaN }])('may not be %j', (backoff) => {
    expect(() => retryDelay(backoff)).toThrow('retryBackoff: needs 0 <= baseMs <= maximumMs');
  });
});
