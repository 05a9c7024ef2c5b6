import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamodbClient } from '../../support/fresh.ts';
import { prove } from '../prove.ts';
import { testSeed } from '../shard.ts';
import type { System } from '../system.ts';
import { claimSystem } from '../systems/claim.ts';
import { markSystem } from '../systems/mark.ts';
import { positionSystem } from '../systems/position.ts';
import { transactionSystem } from '../systems/transaction.ts';
import { total } from '../tally.ts';
import { type DynamoDbTables, dynamoDbTables } from './dynamodb-tables.ts';

const schedules = 100;
const client = dynamodbClient();
const modes = [
  'claim',
  'mark',
  'transaction',
  'position',
  'mark, many',
  'transaction, many',
  'position, many',
] as const;
/** Modes have tables of their own: their schedules have the same names. */
const tablesOf = new Map<string, DynamoDbTables>();
beforeAll(async () => {
  for (const mode of modes) tablesOf.set(mode, await dynamoDbTables(client));
});
afterAll(() => client.destroy());

function systemOf(mode: (typeof modes)[number], tables: DynamoDbTables): System {
  switch (mode) {
    case 'claim':
      return claimSystem(() => tables.store);
    case 'mark':
      return markSystem('one', () => tables.store);
    case 'mark, many':
      return markSystem('many', () => tables.store);
    case 'transaction':
      return transactionSystem('one', () => tables.forSchedule());
    case 'transaction, many':
      return transactionSystem('many', () => tables.forSchedule());
    case 'position':
      return positionSystem('one', () => tables.forSchedule());
    case 'position, many':
      return positionSystem('many', () => tables.forSchedule());
  }
}

describe.each(modes)('%s over DynamoDB', (mode) => {
  it(`keeps its promises in ${schedules} schedules`, { timeout: 600_000 }, async () => {
    const tables = tablesOf.get(mode);
    if (tables === undefined) throw new Error('no tables were made');
    const tally = await prove(systemOf(mode, tables), { seed: testSeed, from: 0, schedules });
    expect(tally.broken, `schedules of seed ${testSeed} that broke a promise`).toEqual([]);
    expect(total(tally).schedules).toBe(schedules);
    // The judge was told of commits as they were answered; the tables must agree.
    for (const counts of await tables.counts()) {
      expect(new Set(counts.keys())).toEqual(tables.told);
      expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
    }
  });
});
