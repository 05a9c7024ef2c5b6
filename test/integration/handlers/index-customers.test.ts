import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { KafkaLambdaHandler } from '../../../lib/index.ts';
import { fakeContext, kafkaEvent, type TestRecord } from '../../../lib/testing/index.ts';
import { dynamodbClient, freshQueue, freshTable } from '../../support/fresh.ts';

let customerTable: string;
let markerTable: string;
let module: typeof import('../../../handlers/index-customers.ts');

beforeAll(async () => {
  customerTable = await freshTable('customerId');
  markerTable = await freshTable();
  vi.stubEnv('CUSTOMER_TABLE', customerTable);
  vi.stubEnv('KAFKA_ONCE_TABLE', markerTable);
  vi.stubEnv('KAFKA_ONCE_NAMESPACE', 'customers');
  vi.stubEnv('KAFKA_ONCE_REPORT_TOPICS', 'customers');
  vi.stubEnv('KAFKA_ONCE_DEAD_LETTER_QUEUE_URL', await freshQueue());
  vi.spyOn(console, 'info').mockReturnValue();
  module = await import('../../../handlers/index-customers.ts');
});

async function run(handler: KafkaLambdaHandler, ...records: TestRecord[]): Promise<void> {
  const event = kafkaEvent(records, { topic: 'customers' });
  expect(await handler(event, fakeContext())).toEqual({ batchItemFailures: [] });
}

async function stored(customerId: string): Promise<Record<string, unknown> | undefined> {
  const client = dynamodbClient();
  try {
    const get = new GetCommand({ TableName: customerTable, Key: { customerId } });
    return (await DynamoDBDocumentClient.from(client).send(get)).Item;
  } finally {
    client.destroy();
  }
}

const ada = { name: 'Ada', email: 'ada@example.com' };

describe('index-customers', () => {
  it('keeps the latest state of each customer', async () => {
    const moved = { ...ada, email: 'ada@example.org' };
    await run(
      module.handler,
      { key: 'c-1', value: ada, offset: 1 },
      { key: 'c-2', value: { name: 'Grace', email: 'grace@example.com' } },
      { key: 'c-1', value: moved },
    );
    expect(await stored('c-1')).toMatchObject({ ...moved, partition: 0, offset: 3 });
    expect(await stored('c-2')).toMatchObject({ name: 'Grace', offset: 2 });
  });

  it('forgets a customer at a tombstone, for good', async () => {
    await run(module.handler, { key: 'c-3', value: ada, offset: 10 }, { key: 'c-3', value: null });
    const gone = await stored('c-3');
    expect(gone).toMatchObject({ customerId: 'c-3', deleted: true, offset: 11 });
    expect(gone).not.toHaveProperty('name');
    expect(gone).not.toHaveProperty('email');
  });

  it('takes every state of a customer, also one that was there before', async () => {
    await run(module.handler, { key: 'c-4', value: ada, offset: 20 });
    await run(module.handler, { key: 'c-4', value: { ...ada, name: 'A.' }, offset: 21 });
    await run(module.handler, { key: 'c-4', value: ada, offset: 22 });
    expect(await stored('c-4')).toMatchObject({ name: 'Ada', offset: 22 });
  });

  it('does not go back in time when an older record is handled again', async () => {
    const older = { ...recordOf('c-5', 30), value: { name: 'Old', email: 'old@example.com' } };
    const newer = { ...recordOf('c-5', 31), value: ada };
    const deletion = { ...recordOf('c-5', 32), value: null };
    const signal = new AbortController().signal;
    await module.indexCustomer(newer, { signal });
    await module.indexCustomer(older, { signal });
    expect(await stored('c-5')).toMatchObject({ name: 'Ada', offset: 31 });
    await module.indexCustomer(deletion, { signal });
    await module.indexCustomer(newer, { signal });
    expect(await stored('c-5')).toMatchObject({ deleted: true, offset: 32 });
  });

  it('goes by the time where a customer has changed its partition', async () => {
    const signal = new AbortController().signal;
    const before = { ...recordOf('c-6', 500), value: ada };
    const after = { ...before, partition: 9, offset: 3, timestampMs: 2_000, value: { ...ada, name: 'A.' } };
    await module.indexCustomer(before, { signal });
    await module.indexCustomer(after, { signal });
    await module.indexCustomer(before, { signal });
    expect(await stored('c-6')).toMatchObject({ name: 'A.', partition: 9, offset: 3 });
  });

  it('passes an ended signal on', async () => {
    const record = { ...recordOf('c-7', 1), value: ada };
    await expect(module.indexCustomer(record, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await stored('c-7')).toBeUndefined();
  });
});

function recordOf(key: string, offset: number) {
  return {
    ...{ topic: 'customers', partition: 0, offset, key, headers: [] },
    timestampMs: 1_000,
    timestampType: undefined,
    keySchemaMetadata: undefined,
    valueSchemaMetadata: undefined,
  };
}
