import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LOCAL_CREDENTIALS, LOCAL_REGION, type Parts, startParts } from '../../lib/local/parts/index.ts';
import { attempt } from './attempt.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { MarkerTable } from './marker-table.ts';
import { type PaymentGateway, startPaymentGateway } from './payment-gateway.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { createTopic, deleteTopic } from './topic.ts';

/** What happens around the functions. */
export interface RigHooks {
  readonly onProgress: (text: string) => void;
  readonly onCharge: () => void;
  readonly onDynamoDbRequest: () => void;
}

/** Everything around the functions. */
export interface Rig extends AsyncDisposable {
  readonly parts: Parts;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly table: MarkerTable;
  readonly queue: DeadLetterQueue;
  readonly gateway: PaymentGateway;
  /** The way of the audit to DynamoDB. */
  readonly dynamodb: DynamoDBClient;
  /** The functions' only way to DynamoDB. */
  readonly proxy: TcpProxy;
}

const gatewayLatencyMs = 2;

/** Starts the servers and makes topic, table and queue; all of it is gone after disposal. */
export async function startRig(partitions: number, hooks: RigHooks): Promise<Rig> {
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
  stack.defer(() => attempt(deleteTopic(parts.brokers, name)));
  const table = new MarkerTable(dynamodb, name);
  await table.create();
  stack.defer(() => attempt(table.drop()));
  const queue = await DeadLetterQueue.create(sqs, name);
  stack.defer(() => attempt(queue.drop()));
  const gateway = stack.use(await startPaymentGateway(gatewayLatencyMs, hooks.onCharge));
  const proxy = stack.use(await startTcpProxy(parts.dynamodb, hooks.onDynamoDbRequest));
  const owned = stack.move();
  return {
    ...{ parts, brokers: parts.brokers, topic: name, consumerGroupId: name },
    ...{ table, queue, gateway, dynamodb, proxy },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
