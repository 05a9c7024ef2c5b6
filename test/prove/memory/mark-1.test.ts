import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { markSystem } from '../systems/mark.ts';

describe('mark, part 2 of 2', () => {
  itKeepsItsPromises(markSystem('one'), { part: 1, schedules: 8_750 });
});
