import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { claimSystem } from '../systems/claim.ts';

describe('claim, part 1 of 2', () => {
  itKeepsItsPromises(claimSystem(), { part: 0, schedules: 8_750 });
});
