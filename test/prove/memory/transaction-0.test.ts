import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { transactionSystem } from '../systems/transaction.ts';

describe('transaction, part 1 of 2', () => {
  itKeepsItsPromises(transactionSystem('one'), { part: 0, schedules: 8_750 });
});
