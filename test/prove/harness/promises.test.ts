import { describe, expect, it } from 'vitest';
import { prove } from '../prove.ts';
import { testSeed } from '../shard.ts';
import { markSystem } from '../systems/mark.ts';
import { positionSystem } from '../systems/position.ts';
import { transactionSystem } from '../systems/transaction.ts';

// A quick look, for planted faults; `memory/` has the whole.
describe('the first schedules', () => {
  it.each([markSystem(), transactionSystem(), positionSystem()])('in mode $mode break no promise', async (system) => {
    const tally = await prove(system, { seed: testSeed, from: 0, schedules: 700 });
    expect(tally.broken).toEqual([]);
  });
});
