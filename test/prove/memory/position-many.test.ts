import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { positionSystem } from '../systems/position.ts';

describe('position, many records a call', () => {
  itKeepsItsPromises(positionSystem('many'), { part: 0, schedules: 10_000 });
});
