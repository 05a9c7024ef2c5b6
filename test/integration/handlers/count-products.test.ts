import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { KafkaLambdaHandler } from '../../../lib/index.ts';
import { fakeContext, kafkaEvent, type TestRecord } from '../../../lib/testing/index.ts';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';

let productTable: string;
let handler: KafkaLambdaHandler;

beforeAll(async () => {
  productTable = await freshTable('productId');
  vi.stubEnv('PRODUCT_TABLE', productTable);
  vi.stubEnv('KAFKA_ONCE_TABLE', await freshTable());
  vi.stubEnv('KAFKA_ONCE_NAMESPACE', 'counts');
  vi.spyOn(console, 'info').mockReturnValue();
  ({ handler } = await import('../../../handlers/count-products.ts'));
});

/** As Lambda does it: what threw is delivered again as it was. */
async function deliver(records: readonly TestRecord[]): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const answer = await Promise.allSettled([handler(kafkaEvent(records), fakeContext())]);
    if (answer[0]?.status === 'fulfilled') return;
  }
  throw new Error('it was not done in ten deliveries');
}

async function soldOf(prefix: string): Promise<Readonly<Record<string, unknown>>> {
  const client = dynamodbClient();
  try {
    const scan = new ScanCommand({ TableName: productTable, ConsistentRead: true });
    const { Items = [] } = await DynamoDBDocumentClient.from(client).send(scan);
    const ours = Items.filter(({ productId }) => String(productId).startsWith(prefix));
    return Object.fromEntries(ours.map(({ productId, lines, sold }) => [productId, [lines, sold]]));
  } finally {
    client.destroy();
  }
}

const line = (productId: string, offset: number, partition = 0): TestRecord => ({
  ...{ partition, offset, timestampMs: 1_000 + offset },
  value: { productId, quantity: 2 },
});

describe('count-products', () => {
  it('counts once what is delivered again, split in another way', async () => {
    const lines = Array.from({ length: 60 }, (_, offset) => line(`p-${offset % 20}`, offset));
    await deliver(lines.slice(0, 25));
    await deliver(lines.slice(10, 45));
    await deliver(lines);
    await deliver(lines);
    const expected = Array.from({ length: 20 }, (_, product) => [`p-${product}`, [3, 6]]);
    expect(await soldOf('p-')).toEqual(Object.fromEntries(expected));
  });

  it('counts a product of several partitions, and records that two invocations hold at a time', async () => {
    const lines = [1, 2, 3].flatMap((partition) => [0, 1, 2, 3].map((offset) => line('q-1', offset, partition)));
    await Promise.all([deliver(lines), deliver(lines)]);
    expect(await soldOf('q-')).toEqual({ 'q-1': [12, 24] });
  });
});
