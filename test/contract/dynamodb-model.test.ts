import fc from 'fast-check';
import { it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/commit-store.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { followsTheModel, histories } from './store-model.ts';

it('dynamoDbStore behaves as the model of the port does, whatever the history', async () => {
  const client = dynamodbClient();
  const store = dynamoDbStore({ client, tableName: await freshTable() });
  await fc.assert(
    fc.asyncProperty(histories, (history) => followsTheModel(store, history)),
    { numRuns: 40 },
  );
  client.destroy();
});
