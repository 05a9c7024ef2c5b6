import { describe, expect, it } from 'vitest';
import { Expectation } from '../../../../lib/handler/commit/expectation.ts';

/** An expectation, and how often it was told that nobody is left. */
function watched(): { readonly expectation: Expectation; readonly told: readonly 'none'[] } {
  const expectation = new Expectation();
  const told: 'none'[] = [];
  expectation.onNone = () => told.push('none');
  return { expectation, told };
}

describe('company', () => {
  it('may come while any unit is inside', () => {
    const { expectation } = watched();
    expect(expectation.isAny).toBe(false);
    expectation.enter();
    expect(expectation.isAny).toBe(true);
    expectation.enter();
    expectation.leave();
    expect(expectation.isAny).toBe(true);
    expectation.leave();
    expect(expectation.isAny).toBe(false);
  });

  it('is given up at once when the last unit leaves, and not before', () => {
    const { expectation, told } = watched();
    expectation.enter();
    expectation.enter();
    expectation.leave();
    expect(told).toEqual([]);
    expectation.leave();
    expect(told).toEqual(['none']);
    expectation.enter();
    expectation.leave();
    expect(told).toEqual(['none', 'none']);
  });

  it('is not expected of a unit that waits, until it has waited', async () => {
    const { expectation, told } = watched();
    const { promise, resolve } = Promise.withResolvers<string>();
    expectation.enter();
    const waiting = expectation.outside(promise);
    expect(expectation.isAny).toBe(false);
    expect(told).toEqual(['none']);
    resolve('waited');
    expect(await waiting).toBe('waited');
    expect(expectation.isAny).toBe(true);
    expectation.leave();
    expect(expectation.isAny).toBe(false);
  });

  it('is expected again of a unit whose waiting failed', async () => {
    const { expectation } = watched();
    expectation.enter();
    await expect(expectation.outside(Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(expectation.isAny).toBe(true);
    expectation.leave();
    expect(expectation.isAny).toBe(false);
  });
});
