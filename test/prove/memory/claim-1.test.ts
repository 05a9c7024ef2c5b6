import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { claimSystem } from '../systems/claim.ts';

describe('claim, part 2 of 2', () => {
  itKeepsItsPromises(claimSystem(), { part: 1, schedules: 8_750 });
});
