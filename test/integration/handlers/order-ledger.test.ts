import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KafkaLambdaHandler } from '../../../lib/index.ts';
import { fakeContext, kafkaEvent, type TestRecord } from '../../../lib/testing/index.ts';
import { DeadLetterBox } from '../../contract/sqs-dead-letters.box.ts';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';

const dynamodb = dynamodbClient();
const documents = DynamoDBDocumentClient.from(dynamodb);
const box = new DeadLetterBox();
let orderTable: string;
let accountTable: string;
let queueUrl: string;
let handler: KafkaLambdaHandler;

beforeAll(async () => {
  orderTable = await freshTable('orderId');
  accountTable = await freshTable('accountId');
  ({ queueUrl } = await box.make());
  vi.stubEnv('ORDER_TABLE', orderTable);
  vi.stubEnv('ACCOUNT_TABLE', accountTable);
  vi.stubEnv('KAFKA_ONCE_TABLE', await freshTable());
  vi.stubEnv('KAFKA_ONCE_NAMESPACE', 'ledger');
  vi.stubEnv('KAFKA_ONCE_REPORT_TOPICS', 'orders');
  vi.stubEnv('KAFKA_ONCE_DEAD_LETTER_QUEUE_URL', queueUrl);
  vi.spyOn(console, 'info').mockReturnValue();
  vi.spyOn(console, 'warn').mockReturnValue();
  ({ handler } = await import('../../../handlers/order-ledger.ts'));
});

afterAll(() => {
  dynamodb.destroy();
  box.close();
});

async function run(...records: TestRecord[]): Promise<readonly string[]> {
  const { batchItemFailures } = await handler(kafkaEvent(records), fakeContext());
  return batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`);
}

let nextOffset = 0;

/** A step at a place of its own, so that delivering it again is a matter of passing it again. */
function step(accountId: string, orderId: string, status: string, amountCents: number, partition = 0): TestRecord {
  const offset = nextOffset++;
  const place = { partition, offset, timestampMs: 1_000 + offset };
  return { ...place, key: accountId, value: { orderId, accountId, amountCents, status } };
}

async function account(accountId: string): Promise<unknown> {
  const get = new GetCommand({ TableName: accountTable, Key: { accountId }, ConsistentRead: true });
  return (await documents.send(get)).Item;
}

async function statusOf(orderId: string): Promise<unknown> {
  const get = new GetCommand({ TableName: orderTable, Key: { orderId }, ConsistentRead: true });
  return (await documents.send(get)).Item?.status;
}

describe('order-ledger', () => {
  it('books the steps of an account in their order, each once', async () => {
    const steps = [
      step('a-1', 'o-1', 'PLACED', 1999),
      step('a-1', 'o-2', 'PLACED', 1),
      step('a-1', 'o-1', 'PAID', 1999),
      step('a-1', 'o-3', 'PLACED', 500),
      step('a-1', 'o-3', 'CANCELLED', 500),
      step('a-1', 'o-2', 'PLACED', 1),
    ];
    expect(await run(...steps.slice(0, 3))).toEqual([]);
    expect(await run(...steps)).toEqual([]);
    expect(await run(...steps)).toEqual([]);
    expect(await account('a-1')).toEqual({ accountId: 'a-1', balanceCents: 1, version: 5 });
    expect(await Promise.all(['o-1', 'o-2', 'o-3'].map(statusOf))).toEqual(['PAID', 'PLACED', 'CANCELLED']);
  });

  it('has the right balance after units that move one account at a time, each delivered until it is done', async () => {
    const steps = [0, 1, 2, 3].flatMap((partition) =>
      [1, 2, 3].map((count) => step('a-2', `o-2-${partition}-${count}`, 'PLACED', 10 ** partition, partition)),
    );
    let deliveries = 0;
    for (let undone: readonly string[] = ['all']; undone.length > 0; deliveries += 1) undone = await run(...steps);
    expect(deliveries).toBeGreaterThan(1);
    expect(await account('a-2')).toEqual({ accountId: 'a-2', balanceCents: 3333, version: 12 });
    expect(await box.messages(queueUrl)).toEqual([]);
  });

  it('has it after two invocations with the same records, too', async () => {
    const steps = [1, 2, 3, 4].map((count) => step('a-3', `o-3-${count}`, 'PLACED', count));
    const undone = await Promise.all([run(...steps), run(...steps)]);
    if (undone.some((each) => each.length > 0)) expect(await run(...steps)).toEqual([]);
    expect(await account('a-3')).toEqual({ accountId: 'a-3', balanceCents: 10, version: 4 });
  });

  it('puts steps aside that their orders cannot take, once, and goes on', async () => {
    const steps = [
      step('a-4', 'o-4', 'PAID', 7),
      step('a-4', 'o-4', 'PLACED', 7),
      step('a-4', 'o-4', 'CANCELLED', 7),
      step('a-4', 'o-4', 'PAID', 7),
      step('a-4', 'o-5', 'PLACED', 8),
    ];
    expect(await run(...steps)).toEqual([]);
    expect(await run(...steps)).toEqual([]);
    expect(await box.messages(queueUrl)).toHaveLength(2);
    expect(await account('a-4')).toEqual({ accountId: 'a-4', balanceCents: 8, version: 3 });
    expect(await statusOf('o-4')).toBe('CANCELLED');
  });
});
