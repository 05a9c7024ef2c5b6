import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { positionSystem } from '../systems/position.ts';

describe('position, part 1 of 2', () => {
  itKeepsItsPromises(positionSystem(), { part: 0, schedules: 12_500 });
});
