import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { Producer } from '@platformatic/kafka';
import { expect, inject, it, onTestFinished } from 'vitest';
import { parseDeadLetter } from '../../../lib/dead-letters/index.ts';
import { childProcessFunction, startEventSourceMapping } from '../../../lib/local/index.ts';
import { dynamodbClient, freshName, freshQueue, freshTable, freshTopic, sqsClient } from '../../support/fresh.ts';

const partitions = 3;
const deadly = new Set([4, 5, 17]);
const orders = Array.from({ length: 45 }, (_, n) => ({
  id: `order-${n}`,
  ...(deadly.has(n) ? { isDeadly: true } : {}),
}));

async function deadLetters(queueUrl: string): Promise<unknown[]> {
  const client = sqsClient();
  onTestFinished(() => client.destroy());
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => parseDeadLetter(Body ?? '')).map(({ partition, offset, reason, attempts }) => ({
    order: offset * partitions + partition,
    reason,
    attempts,
  }));
}

async function counts(tableName: string): Promise<Map<string | undefined, string | undefined>> {
  const client = dynamodbClient();
  onTestFinished(() => client.destroy());
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
  return new Map(Items.map((item) => [item.id?.S, item.count?.N]));
}

it('puts aside what kills its process every time; all others take effect once', async () => {
  const topic = await freshTopic({ partitions });
  const [markers, effects, queueUrl] = [await freshTable(), await freshTable(), await freshQueue()];
  const producer = new Producer({ clientId: 'orders', bootstrapBrokers: inject('kafkaBrokers'), idempotent: true });
  const messages = orders.map((order, n) => ({
    topic,
    partition: n % partitions,
    value: Buffer.from(JSON.stringify(order)),
  }));
  await producer.send({ messages });
  await producer.close();
  const lambda = childProcessFunction({
    entry: join(import.meta.dirname, 'function.ts'),
    environment: {
      ...inject('partsEnv'),
      EFFECTS_TABLE: effects,
      KAFKA_ONCE_TABLE: markers,
      KAFKA_ONCE_NAMESPACE: 'counted-starts',
      KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: queueUrl,
    },
    timeoutSeconds: 30,
    onOutput: () => undefined,
  });
  onTestFinished(() => lambda.close());
  const running = await startEventSourceMapping({
    brokers: inject('kafkaBrokers'),
    topic,
    consumerGroupId: freshName('group'),
    function: lambda,
    pollers: 1,
    retryBackoff: { baseMs: 20, maximumMs: 100 },
    settings: {},
  });
  try {
    await running.drained();
  } finally {
    await running.stop();
  }
  const letters = await deadLetters(queueUrl);
  expect(letters).toHaveLength(deadly.size);
  for (const order of deadly) expect(letters).toContainEqual({ order, reason: 'attemptsExhausted', attempts: 2 });
  const alive = orders.filter((_, n) => !deadly.has(n)).map(({ id }) => [id, '1'] as const);
  expect(await counts(effects)).toEqual(new Map(alive));
});
