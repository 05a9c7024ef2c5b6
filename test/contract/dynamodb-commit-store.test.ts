import { afterAll, beforeAll, describe } from 'vitest';
import { dynamodbClient } from '../support/fresh.ts';
import { commitStoreContract } from './commit-store.contract.ts';
import type { CommitStoreUnderTest } from './commit-store.support.ts';
import { commitTables } from './dynamodb-commit-support.ts';

describe('dynamoDbStore', () => {
  const client = dynamodbClient();
  let subject: CommitStoreUnderTest;
  beforeAll(async () => {
    subject = await commitTables(client);
  });
  afterAll(() => client.destroy());
  commitStoreContract(() => subject);
});
