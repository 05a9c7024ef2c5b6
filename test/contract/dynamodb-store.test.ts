import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/dynamodb-store.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

describe('dynamoDbStore', () => {
  const client = dynamodbClient();
  let tableName = '';
  beforeAll(async () => {
    tableName = await freshTable();
  });
  afterAll(() => client.destroy());
  idempotencyStoreContract(() => dynamoDbStore({ tableName, client }));
});
