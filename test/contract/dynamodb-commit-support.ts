import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { toAttributeValue } from '../../lib/adapters/dynamodb/attribute-value.ts';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/commit-store.ts';
import type { Item } from '../../lib/adapters/dynamodb/marker-item.ts';
import { toStorable } from '../../lib/adapters/storable-value.ts';
import type { Marker } from '../../lib/core/claim/marker.ts';
import { freshTable } from '../support/fresh.ts';
import type { CommitStoreUnderTest } from './commit-store.support.ts';
import { tableWithKeys } from './dynamodb-support.ts';

/** A table of markers and two of a user's, all fresh. */
export async function commitTables(client: DynamoDBClient): Promise<CommitStoreUnderTest & { tableName: string }> {
  const [tableName, orders, stock] = await Promise.all([
    freshTable(),
    freshTable('orderId'),
    tableWithKeys(client, ['sku', 'S'], ['place', 'N']),
  ]);
  return {
    tableName,
    store: dynamoDbStore({ tableName, client }),
    orders,
    stock,
    async putItem(table, item) {
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
    },
    async getItem(table, key) {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
      return Item;
    },
    async poke(idempotencyKey, marker) {
      const key = { id: { S: idempotencyKey } };
      if (marker === undefined) {
        await client.send(new DeleteItemCommand({ TableName: tableName, Key: key }));
      } else {
        await client.send(new PutItemCommand({ TableName: tableName, Item: { ...key, ...attributesOf(marker) } }));
      }
    },
  };
}

function attributesOf(marker: Marker): Item {
  const { leaseUntilMs, owner, fence, fingerprint, result, source } = marker;
  return {
    status: { S: marker.status },
    expiration: { N: String(marker.expiresAtSeconds) },
    ...(leaseUntilMs !== undefined && { in_progress_expiration: { N: String(leaseUntilMs) } }),
    ...(owner !== undefined && { owner: { S: owner } }),
    // As Powertools leaves it out.
    ...(fence > 0 && { fence: { N: String(fence) } }),
    attempts: { N: String(marker.attempts) },
    alone: { BOOL: marker.alone },
    ...(fingerprint !== undefined && { validation: { S: fingerprint } }),
    ...(result !== undefined && { data: toAttributeValue(toStorable(result)) }),
    ...(source !== undefined && { source: { S: source } }),
  };
}
