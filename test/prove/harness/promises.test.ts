import { describe, expect, it } from 'vitest';
import { prove } from '../prove.ts';
import { testSeed } from '../shard.ts';
import { systems } from '../systems/all.ts';

const withoutClaims = systems.filter(({ name, mode }) => name === 'kafka-once' && mode !== 'claim');

// A quick look, for planted faults; `memory/` has the whole.
describe('the first schedules', () => {
  it.each(withoutClaims)('in mode $mode break no promise', { timeout: 600_000 }, async (system) => {
    const tally = await prove(system, { seed: testSeed, from: 0, schedules: 700 });
    expect(tally.broken).toEqual([]);
  });
});
