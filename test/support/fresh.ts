import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { Admin } from '@platformatic/kafka';
import { inject } from 'vitest';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../lib/local/parts/index.ts';

// Tests share the servers and never each other's topics, tables, queues or buckets.

const aws = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };

/** A client for the tests' DynamoDB; `overrides` win. The caller destroys it. */
export function dynamodbClient(overrides: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({ ...aws, endpoint: inject('dynamodbEndpoint'), ...overrides });
}

/** A client for the tests' SQS; `overrides` win. The caller destroys it. */
export function sqsClient(overrides: SQSClientConfig = {}): SQSClient {
  return new SQSClient({ ...aws, endpoint: inject('sqsEndpoint'), ...overrides });
}

/** A client for the tests' S3; `overrides` win. The caller destroys it. */
export function s3Client(overrides: S3ClientConfig = {}): S3Client {
  return new S3Client({ ...aws, endpoint: inject('s3Endpoint'), forcePathStyle: true, ...overrides });
}

/** A name that no other test uses: `<what>-<uuid>`. */
export function freshName(what: string): string {
  return `${what}-${randomUUID()}`;
}

/** Makes a topic of its own and returns its name. */
export async function freshTopic(
  options: { readonly partitions?: number; readonly configs?: { name: string; value: string }[] } = {},
): Promise<string> {
  const topic = freshName('topic');
  const admin = new Admin({ clientId: 'fresh', bootstrapBrokers: inject('kafkaBrokers') });
  try {
    const { partitions = 1, configs = [] } = options;
    await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
  } finally {
    await admin.close();
  }
  return topic;
}

/** Makes a table of its own with the string partition key `id` (or another) and returns its name. */
export async function freshTable(partitionKey = 'id'): Promise<string> {
  const tableName = freshName('table');
  const client = dynamodbClient();
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
      }),
    );
  } finally {
    client.destroy();
  }
  return tableName;
}

/** Makes a queue of its own and returns its URL. */
export async function freshQueue(): Promise<string> {
  const client = sqsClient();
  try {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: freshName('queue') }));
    if (QueueUrl === undefined) throw new Error('SQS made a queue without a URL');
    return QueueUrl;
  } finally {
    client.destroy();
  }
}

/** Makes a bucket of its own and returns its name. */
export async function freshBucket(): Promise<string> {
  const bucket = freshName('bucket');
  const client = s3Client();
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } finally {
    client.destroy();
  }
  return bucket;
}
