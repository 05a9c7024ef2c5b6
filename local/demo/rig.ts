import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LOCAL_CREDENTIALS, LOCAL_REGION, type Parts, startParts } from '../../lib/local/parts/index.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { MarkerTable } from './marker-table.ts';
import { type PaymentGateway, startPaymentGateway } from './payment-gateway.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { createTopic, deleteTopic } from './topic.ts';

/** Everything around the function. */
export interface Rig extends AsyncDisposable {
  readonly parts: Parts;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly table: MarkerTable;
  readonly queue: DeadLetterQueue;
  readonly gateway: PaymentGateway;
  /** The function's only way to DynamoDB. */
  readonly proxy: TcpProxy;
}

const gatewayLatencyMs = 2;

/** Starts the servers and makes topic, table and queue; all of it is gone after disposal. */
export async function startRig(
  partitions: number,
  hooks: { readonly onProgress: (text: string) => void; readonly onRequest: () => void },
): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const parts = stack.use(
    await startParts({ kafka: true, dynamodb: true, sqs: true, onProgress: (text) => hooks.onProgress(text) }),
  );
  const name = `kafka-once-demo-${randomUUID().slice(0, 8)}`;
  const aws = { region: process.env.AWS_REGION ?? LOCAL_REGION };
  const isLocal = (part: 'dynamodb' | 'sqs'): boolean => parts.part(part).source !== 'environment';
  const dynamodb = stack.adopt(
    new DynamoDBClient({
      ...aws,
      endpoint: parts.dynamodb,
      ...(isLocal('dynamodb') && { credentials: LOCAL_CREDENTIALS }),
    }),
    async (client) => client.destroy(),
  );
  const sqs = stack.adopt(
    new SQSClient({ ...aws, endpoint: parts.sqs, ...(isLocal('sqs') && { credentials: LOCAL_CREDENTIALS }) }),
    async (client) => client.destroy(),
  );
  await createTopic(parts.brokers, name, partitions);
  stack.defer(async () => void (await attempt(deleteTopic(parts.brokers, name))));
  const table = new MarkerTable(dynamodb, name);
  await table.create();
  stack.defer(async () => void (await attempt(table.drop())));
  const queue = await DeadLetterQueue.create(sqs, name);
  stack.defer(async () => void (await attempt(queue.drop())));
  const gateway = stack.use(await startPaymentGateway(gatewayLatencyMs, hooks.onRequest));
  const proxy = stack.use(await startTcpProxy(parts.dynamodb));
  const owned = stack.move();
  return {
    ...{ parts, brokers: parts.brokers, topic: name, consumerGroupId: name, table, queue, gateway, proxy },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Cleaning up must not hide what went wrong before. */
async function attempt(cleaning: Promise<void>): Promise<void> {
  try {
    await cleaning;
  } catch {
    // The server may be the thing that failed; what it holds goes with it.
  }
}
