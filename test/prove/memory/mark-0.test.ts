import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { markSystem } from '../systems/mark.ts';

describe('mark, part 1 of 2', () => {
  itKeepsItsPromises(markSystem('one'), { part: 0, schedules: 8_750 });
});
