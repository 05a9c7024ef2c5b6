import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { markSystem } from '../systems/mark.ts';

describe('mark, many records a call', () => {
  itKeepsItsPromises(markSystem('many'), { part: 0, schedules: 10_000 });
});
