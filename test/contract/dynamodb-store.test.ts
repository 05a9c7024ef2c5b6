import { afterAll, beforeAll, describe } from 'vitest';
import * as everyMode from '../../lib/adapters/dynamodb/commit-store.ts';
import * as claimsOnly from '../../lib/adapters/dynamodb/dynamodb-store.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

describe.each([
  ['kafka-once', claimsOnly],
  ['kafka-once/modes', everyMode],
])('dynamoDbStore of %s', (_entry, { dynamoDbStore }) => {
  const client = dynamodbClient();
  let tableName = '';
  beforeAll(async () => {
    tableName = await freshTable();
  });
  afterAll(() => client.destroy());
  idempotencyStoreContract(() => dynamoDbStore({ tableName, client }));
});
