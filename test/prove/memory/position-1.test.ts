import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { positionSystem } from '../systems/position.ts';

describe('position, part 2 of 2', () => {
  itKeepsItsPromises(positionSystem('one'), { part: 1, schedules: 8_750 });
});
