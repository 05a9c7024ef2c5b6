import fc from 'fast-check';
import { it } from 'vitest';
import { dynamodbClient } from '../support/fresh.ts';
import { commitHistories, followsTheCommitModel } from './commit-model.ts';
import { commitTables } from './dynamodb-commit-support.ts';

it('dynamoDbStore commits as the model of the port does, whatever the history', async () => {
  const client = dynamodbClient();
  const subject = await commitTables(client);
  await fc.assert(
    fc.asyncProperty(commitHistories, (history) => followsTheCommitModel(subject, history)),
    { numRuns: 20 },
  );
  client.destroy();
});
