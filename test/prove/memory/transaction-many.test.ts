import { describe } from 'vitest';
import { itKeepsItsPromises } from '../shard.ts';
import { transactionSystem } from '../systems/transaction.ts';

describe('transaction, many records a call', () => {
  itKeepsItsPromises(transactionSystem('many'), { part: 0, schedules: 10_000 });
});
