import { describe, expect, it } from 'vitest';
import { missed } from '../missed.ts';
import { prove } from '../prove.ts';
import { testSeed } from '../shard.ts';
import { powertoolsSystems } from '../systems/powertools.ts';
import { total } from '../tally.ts';

const schedules = 1_500;

describe.each(powertoolsSystems)('$name $mode', (system) => {
  it(`is put to the same proof in ${schedules} schedules, and every cell is hit`, { timeout: 600_000 }, async () => {
    const tally = await prove(system, { seed: testSeed, from: 0, schedules });
    expect(missed(system, tally)).toEqual([]);
    // What it promises is not ours to judge; that it repeats effects is why this project exists.
    expect(total(tally).schedules).toBe(schedules);
    expect(total(tally).doubled).toBeGreaterThan(0);
  });
});
