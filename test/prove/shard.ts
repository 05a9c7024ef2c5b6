import { expect, it } from 'vitest';
import { missed } from './missed.ts';
import { prove } from './prove.ts';
import type { System } from './system.ts';
import { total } from './tally.ts';

/** Fixed, so that a test run repeats itself; `npm run prove -- --seed` takes others. */
export const testSeed = 20_261_121;

/**
 * A part of a system's schedules as a test, so that the parts can run side by side: so many schedules, after those of the parts before.
 *
 * It fails if a promise is broken, or if a cell is never hit.
 */
export function itKeepsItsPromises(
  system: System,
  { part, schedules }: { readonly part: number; readonly schedules: number },
): void {
  it(`keeps its promises in ${schedules} schedules, and every cell is hit`, { timeout: 600_000 }, async () => {
    const tally = await prove(system, { seed: testSeed, from: part * schedules, schedules });
    expect(total(tally).schedules).toBe(schedules);
    expect(tally.broken, `schedules of seed ${testSeed} that broke a promise`).toEqual([]);
    expect(missed(system, tally), 'cells that were never hit').toEqual([]);
  });
}
