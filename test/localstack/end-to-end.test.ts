import { UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { type DeadLetterPointer, parseDeadLetter, type WholeDeadLetter } from '../../lib/dead-letters/index.ts';
import {
  committedOffsets,
  createTopic,
  type DeployedFunction,
  deployedFunction,
  type EventSourceMappingSettings,
  fetchedFunction,
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  resetConsumerGroup,
  startEventSourceMapping,
} from '../../lib/local/index.ts';
import { DeadLetterBox } from '../contract/sqs-dead-letters.box.ts';
import { freshName } from '../support/fresh.ts';
import * as clients from './clients.ts';
import { deployedBucket, deployedQueue, deployedTable, itemsOf, output } from './deployed.ts';
import { type AskedCharge, askedCharges } from './gateway.ts';
import { synthesisedMappings } from './synthesised-mapping.ts';

const brokers = inject('kafkaBrokers');
const context = inject('sharedContext');
const partitions = 3;
const mskClusterArn = 'arn:aws:kafka:us-east-1:000000000000:cluster/shop/0f6b2c1e-52d4-4a0e-9a37-6a1c5a3d2b10-3';

interface Message {
  readonly partition: number;
  readonly key?: string;
  readonly value: string | null;
}

async function produce(topic: string, messages: readonly Message[]): Promise<void> {
  const producer = new Producer({ clientId: 'e2e', bootstrapBrokers: brokers, idempotent: true });
  for (const { partition, key, value } of messages) {
    await producer.send({
      messages: [
        {
          topic,
          partition,
          ...(key !== undefined && { key: Buffer.from(key) }),
          ...(value !== null && { value: Buffer.from(value) }),
        },
      ],
    });
  }
  await producer.close();
}

/** Runs what is deployed on what the topic holds, with the settings of the mapping that AWS would have. */
async function consume(lambda: DeployedFunction, settings: EventSourceMappingSettings | undefined): Promise<Group> {
  const { topic = '', consumerGroupId = '' } = settings ?? {};
  const group = { brokers, topic, consumerGroupId };
  const mapping = await startEventSourceMapping({
    ...group,
    ...(settings !== undefined && { settings }),
    function: lambda,
    pollers: 2,
    retryBackoff: { baseMs: 20, maximumMs: 100 },
  });
  try {
    await mapping.drained();
  } finally {
    await mapping.stop();
  }
  return group;
}

/** Records that the consumer group has behind it, in all partitions. */
async function recordsDone(group: Group): Promise<number> {
  return [...(await committedOffsets(group)).values()].reduce((sum, offset) => sum + offset, 0);
}

type Group = Parameters<typeof resetConsumerGroup>[0];

type Invoker = typeof deployedFunction;

/** From a container the gateway is out of reach. */
const invoker: Invoker = inject('functionsReachLoopback') ? deployedFunction : fetchedFunction;

function deployed(name: string, by: Invoker = invoker): Promise<DeployedFunction> {
  const endpoint = inject('localStackUrl');
  const place = { endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
  return by({ ...place, functionName: output(name) });
}

/** A warm environment remembers what it did: after a change of the function only the table does. */
async function coldStart(name: string): Promise<void> {
  const client = clients.lambda(inject('localStackUrl'), LOCAL_REGION);
  const FunctionName = output(name);
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: freshName('cold') }));
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { FunctionName });
  client.destroy();
}

let mappings: ReadonlyMap<string | undefined, EventSourceMappingSettings>;
beforeAll(async () => {
  mappings = await synthesisedMappings({ ...context, mskClusterArn, paymentGatewayUrl: inject('gatewayUrl') });
});

describe('charge-orders, deployed', () => {
  const order = (over: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ customerId: 'c-1', amountCents: 1250, currency: 'EUR', ...over });
  const orders = Array.from({ length: 60 }, (_, n) => ({
    partition: n % partitions,
    value: order({ orderId: `o-${n}` }),
  }));
  const poison: readonly Message[] = [
    { partition: 0, value: '{"orderId": ' },
    { partition: 0, value: order({ orderId: 'free', amountCents: 0 }) },
    { partition: 1, value: order({ orderId: 'declined', customerId: 'declined' }) },
    { partition: 1, value: order({ orderId: 'o-1', amountCents: 99 }) },
    { partition: 2, value: null },
    // Base64 in a dead letter makes it larger than what a queue takes.
    { partition: 2, value: order({ orderId: 'large', amountCents: -1, note: 'x'.repeat(900_000) }) },
  ];
  const messages: readonly Message[] = [
    ...orders,
    { partition: 0, value: order({ orderId: 'retried', customerId: 'unlucky' }) },
    { partition: 1, value: order({}) },
    // The same orders again.
    ...orders.slice(0, 20),
    ...poison,
  ];
  let lambda: DeployedFunction;
  let settings: EventSourceMappingSettings | undefined;
  let charges: readonly AskedCharge[];
  let letters: readonly (DeadLetterPointer | WholeDeadLetter)[];
  let group: Group;
  const box = new DeadLetterBox();

  beforeAll(async () => {
    await Promise.all([deployedTable(), deployedQueue(), deployedBucket()]);
    lambda = await deployed('ChargeOrdersFunctionName');
    settings = mappings.get(context.ordersTopic);
    await createTopic({ brokers, topic: context.ordersTopic ?? '', partitions });
    await produce(context.ordersTopic ?? '', messages);
    group = await consume(lambda, settings);
    charges = await askedCharges(inject('gatewayUrl'));
    letters = (await box.messages(output('ChargeOrdersDeadLetterQueueUrl'))).map(({ body }) => parseDeadLetter(body));
  });
  afterAll(async () => {
    await lambda.close();
    box.close();
  });

  it('ran by the settings of the synthesised mapping', () => {
    expect(settings).toEqual({
      topic: context.ordersTopic,
      consumerGroupId: output('ChargeOrdersConsumerGroup'),
      batchSize: 500,
      startingPosition: 'TRIM_HORIZON',
      functionResponseTypes: ['ReportBatchItemFailures'],
      provisionedPollers: { minimum: 1, maximum: 4 },
      metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'],
    });
    expect(lambda.environment.KAFKA_ONCE_REPORT_TOPICS).toBe(context.ordersTopic);
  });

  it('charged each order once, by a key of its own', () => {
    const made = charges.filter(({ status }) => status === 201);
    const references = [...orders.map((_, n) => `o-${n}`), 'retried', `${context.ordersTopic}-1@20`];
    expect(made.map(({ reference }) => reference).toSorted()).toEqual(references.toSorted());
    expect(new Set(made.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(references.length);
  });

  it('tried again what failed, by the same key', () => {
    const tries = charges.filter(({ reference }) => reference === 'retried');
    expect(tries.map(({ status }) => status)).toEqual([503, 201]);
    expect(new Set(tries.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it('has a completed marker for each charge and each dead letter in the deployed table', async () => {
    const items = await itemsOf(output('IdempotencyTableName'));
    expect(items.every(({ id }) => id?.S?.startsWith(`${output('ChargeOrdersNamespace')}#`))).toBe(true);
    const completed = items.filter(({ status }) => status?.S === 'COMPLETED');
    expect(completed).toHaveLength(orders.length + 2 + poison.length);
    // The order that the gateway refused may come again with another card.
    const free = items.filter((item) => !completed.includes(item));
    expect(free).toMatchObject([{ source: { S: `${context.ordersTopic}-1@28` }, in_progress_expiration: { N: '0' } }]);
  });

  it('has the others, with their reasons, in the deployed queue', () => {
    expect(letters.map(({ partition, offset, reason }) => `${partition}@${offset} ${reason}`).toSorted()).toEqual([
      '0@28 undecodable',
      '0@29 schemaViolation',
      '1@28 unprocessable',
      '1@29 fingerprintMismatch',
      '2@26 unprocessable',
      '2@27 schemaViolation',
    ]);
    for (const { topic, namespace } of letters) {
      expect({ topic, namespace }).toEqual({ topic: context.ordersTopic, namespace: output('ChargeOrdersNamespace') });
    }
  });

  it('has the one that a queue does not take in the deployed bucket', async () => {
    const bucket = output('ChargeOrdersDeadLetterBucketName');
    const [pointer, ...others] = letters.flatMap((letter) => ('storedIn' in letter ? [letter] : []));
    expect(others).toEqual([]);
    expect(pointer).toMatchObject({ partition: 2, offset: 27, storedIn: { bucket } });
    expect(await box.objectKeys(bucket)).toEqual([pointer?.storedIn.key]);
  });

  it('charges nothing again when everything is delivered again', async () => {
    expect(await recordsDone(group)).toBe(messages.length);
    await resetConsumerGroup(group);
    expect(await recordsDone(group)).toBe(0);
    await coldStart('ChargeOrdersFunctionName');
    await lambda.close();
    lambda = await deployed('ChargeOrdersFunctionName');
    await consume(lambda, settings);
    expect(await recordsDone(group)).toBe(messages.length);
    expect(await askedCharges(inject('gatewayUrl'))).toEqual(charges);
    expect(await box.messages(output('ChargeOrdersDeadLetterQueueUrl'))).toEqual([]);
  });
});

describe('index-customers, deployed', () => {
  it('keeps the deployed table as the topic has it, also when everything is delivered again to its code run here', async () => {
    const topic = context.customersTopic ?? '';
    const [first, second] = [freshName('customer-1'), freshName('customer-2')];
    const state = (name: string): string => JSON.stringify({ name, email: `${name}@example.com` });
    await createTopic({ brokers, topic, partitions });
    await produce(topic, [
      { partition: 0, key: first, value: state('old') },
      { partition: 0, key: first, value: state('new') },
      { partition: 1, key: second, value: state('gone') },
      { partition: 1, key: second, value: null },
    ]);
    for (const by of [invoker, fetchedFunction]) {
      const lambda = await deployed('IndexCustomersFunctionName', by);
      onTestFinished(() => lambda.close());
      const group = await consume(lambda, mappings.get(topic));
      expect(await recordsDone(group)).toBe(4);
      const customers = await itemsOf(output('CustomerTableName'));
      const byId = new Map(customers.map((customer) => [customer.customerId?.S, customer]));
      expect(byId.get(first)).toMatchObject({ offset: { N: '1' }, name: { S: 'new' } });
      expect(byId.get(second)).toMatchObject({ offset: { N: '1' }, deleted: { BOOL: true } });
      await resetConsumerGroup(group);
      await coldStart('IndexCustomersFunctionName');
    }
  });
});
