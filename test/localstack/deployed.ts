import { type AttributeValue, BatchWriteItemCommand, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListQueuesCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';
import { dynamodbClient, s3Client, sqsClient } from '../support/fresh.ts';

// In the place of what `test/support/fresh.ts` makes, for suites that are to run on the deployed resources.

/** An output of the deployed stack. */
export function output(name: string): string {
  const value = inject('stackOutputs')[name];
  if (value === undefined) throw new Error(`the deployed stack has no output ${name}`);
  return value;
}

/** The deployed idempotency table, emptied. */
export async function deployedTable(): Promise<string> {
  const tableName = output('IdempotencyTableName');
  const client = dynamodbClient();
  const ids = (await itemsOf(tableName)).map(({ id }) => id ?? { S: '' });
  for (let start = 0; start < ids.length; start += 25) {
    const requests = ids.slice(start, start + 25).map((id) => ({ DeleteRequest: { Key: { id } } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
  }
  client.destroy();
  return tableName;
}

/** Everything that a table holds. */
export async function itemsOf(tableName: string): Promise<readonly Record<string, AttributeValue>[]> {
  const client = dynamodbClient();
  const items: Record<string, AttributeValue>[] = [];
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  client.destroy();
  return items;
}

/** The deployed dead-letter queue, emptied. */
export async function deployedQueue(): Promise<string> {
  const queueUrl = output('ChargeOrdersDeadLetterQueueUrl');
  const client = sqsClient();
  await client.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  client.destroy();
  return queueUrl;
}

/** The deployed bucket of large dead letters, emptied. */
export async function deployedBucket(): Promise<string> {
  const bucket = output('ChargeOrdersDeadLetterBucketName');
  const client = s3Client();
  const { Contents: objects = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key } of objects) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  client.destroy();
  return bucket;
}

/** Tables, queues and buckets that suites made for themselves; no more come where the deployed ones take their place. */
export async function ownResources(): Promise<readonly string[]> {
  const [dynamoDb, sqs, s3] = [dynamodbClient(), sqsClient(), s3Client()];
  const { TableNames = [] } = await dynamoDb.send(new ListTablesCommand({}));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  for (const client of [dynamoDb, sqs, s3]) client.destroy();
  const names = [
    ...TableNames,
    ...QueueUrls.map((url) => url.replace(/^.*\//, '')),
    ...Buckets.map(({ Name = '' }) => Name),
  ];
  return names.filter((name) => /^(table|queue|bucket)-/.test(name));
}
