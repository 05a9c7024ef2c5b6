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

const schedules = 150;
const client = dynamodbClient();
let tables: DynamoDbTables;
beforeAll(async () => {
  tables = await dynamoDbTables(client);
});
afterAll(() => client.destroy());

const systems: Readonly<Record<string, () => System>> = {
  claim: () => claimSystem(() => tables.store),
  mark: () => markSystem(() => tables.store),
  transaction: () => transactionSystem(() => tables.forSchedule()),
  position: () => positionSystem(() => tables.forSchedule()),
};

describe.each(Object.entries(systems))('%s over DynamoDB', (_mode, make) => {
  it(`keeps its promises in ${schedules} schedules`, { timeout: 600_000 }, async () => {
    const tally = await prove(make(), { seed: testSeed, from: 0, schedules });
    expect(tally.broken, `schedules of seed ${testSeed} that broke a promise`).toEqual([]);
    expect(total(tally).schedules).toBe(schedules);
  });
});

it('has every effect of every table once, and no others than the schedules were told of', async () => {
  for (const counts of await tables.counts()) {
    expect(new Set(counts.keys())).toEqual(tables.told);
    expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  }
});
