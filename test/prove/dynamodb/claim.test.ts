import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbStore } from '../../../lib/adapters/dynamodb/dynamodb-store.ts';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';
import { prove } from '../prove.ts';
import { testSeed } from '../shard.ts';
import { claimSystem } from '../systems/claim.ts';
import { total } from '../tally.ts';

const schedules = 300;
const client = dynamodbClient();
let tableName = '';
beforeAll(async () => {
  tableName = await freshTable();
});
afterAll(() => client.destroy());

describe('claim over DynamoDB', () => {
  it(`keeps its promises in ${schedules} schedules`, { timeout: 600_000 }, async () => {
    const system = claimSystem(() => dynamoDbStore({ tableName, client }));
    const tally = await prove(system, { seed: testSeed, from: 0, step: 1, schedules });
    expect(tally.broken, `schedules of seed ${testSeed} that broke a promise`).toEqual([]);
    expect(total(tally).schedules).toBe(schedules);
  });
});
