import { DescribeTableCommand, DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { Admin } from '@platformatic/kafka';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { dynamoDbStore } from '../../../lib/index.ts';
import { createIdempotencyTable, createTopic } from '../../../lib/local/index.ts';
import { dynamodbClient, freshName, freshTable } from '../../support/fresh.ts';

const brokers = inject('kafkaBrokers');
const endpoint = inject('dynamodbEndpoint');
const client = dynamodbClient();

describe('createIdempotencyTable', () => {
  const tableName = freshName('idempotency');

  beforeAll(async () => {
    await Promise.all([1, 2, 3].map(() => createIdempotencyTable({ endpoint, tableName })));
  });

  it('makes a table with its key, its billing and its TTL, also for several callers at once', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    expect(Table).toMatchObject({
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }));
    expect(TimeToLiveDescription).toEqual({ AttributeName: 'expiration', TimeToLiveStatus: 'ENABLED' });
  });

  it('leaves a table and its markers alone that are there', async () => {
    const store = dynamoDbStore({ tableName, client });
    const call = { signal: new AbortController().signal };
    const marker = {
      idempotencyKey: 'k-1',
      fingerprint: undefined,
      source: undefined,
      expiresAtSeconds: 4_102_444_800,
    };
    await store.markCompleted([marker], call);
    const before = await store.read(['k-1'], call);
    await createIdempotencyTable({ endpoint, tableName });
    expect(await store.read(['k-1'], call)).toEqual(before);
  });

  it('refuses a table that would not do', async () => {
    const otherKey = await freshTable('orderId');
    await expect(createIdempotencyTable({ endpoint, tableName: otherKey })).rejects.toThrow(
      `tableName: ${otherKey} is there with another key than id`,
    );
    const otherTtl = await freshTable();
    const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: otherTtl, TimeToLiveSpecification }));
    await expect(createIdempotencyTable({ endpoint, tableName: otherTtl })).rejects.toThrow(
      `tableName: ${otherTtl} is there with TTL on expiresAt`,
    );
  });
});

describe('createTopic', () => {
  async function partitionsOf(topic: string): Promise<number | undefined> {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: brokers });
    onTestFinished(() => admin.close());
    return (await admin.metadata({ topics: [topic] })).topics.get(topic)?.partitionsCount;
  }

  it('makes a topic, also for several callers at once', async () => {
    const topic = freshName('topic');
    await Promise.all([1, 2, 3].map(() => createTopic({ brokers, topic, partitions: 3 })));
    expect(await partitionsOf(topic)).toBe(3);
  });

  it('leaves a topic alone that is there, and says where it is another', async () => {
    const topic = freshName('topic');
    await createTopic({ brokers, topic });
    await createTopic({ brokers, topic, partitions: 1 });
    await expect(createTopic({ brokers, topic, partitions: 2 })).rejects.toThrow(
      `partitions: ${topic} is there with 1 partitions, not 2`,
    );
    expect(await partitionsOf(topic)).toBe(1);
  });

  it('refuses a number of partitions that is none', async () => {
    await expect(createTopic({ brokers, topic: freshName('topic'), partitions: 0 })).rejects.toThrow('partitions: ');
  });
});
