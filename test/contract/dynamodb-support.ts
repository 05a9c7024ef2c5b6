import {
  type AttributeDefinition,
  CreateTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
} from '@aws-sdk/client-dynamodb';
import { freshName } from '../support/fresh.ts';

/** Makes a table whose key attributes (partition key, then sort key) have the given names and types. */
export async function tableWithKeys(
  client: DynamoDBClient,
  ...keys: readonly (readonly [name: string, type: 'S' | 'N'])[]
): Promise<string> {
  const TableName = freshName('table');
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys.map(
        ([AttributeName], index): KeySchemaElement => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }),
      ),
      AttributeDefinitions: keys.map(
        ([AttributeName, AttributeType]): AttributeDefinition => ({ AttributeName, AttributeType }),
      ),
    }),
  );
  return TableName;
}
