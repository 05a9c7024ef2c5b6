import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { Producer } from '@platformatic/kafka';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { parseDeadLetter } from '../../../lib/dead-letters/index.ts';
import {
  childProcessFunction,
  committedOffsets,
  type EventSourceMappingOptions,
  resetConsumerGroup,
  startEventSourceMapping,
} from '../../../lib/local/index.ts';
import { freshName, freshQueue, freshTable, freshTopic, sqsClient } from '../../support/fresh.ts';

const partitions = 6;
const records = 600;

interface Effect {
  readonly partition: number;
  readonly offset: number;
  readonly id: string | null;
}

/**
 * Every tenth order is sent twice, seven of those the second time with another payload; some fail at first, some are
 * poison, one in fifty has no ID.
 */
function orders(): { readonly partition: number; readonly value: Buffer }[] {
  return Array.from({ length: records }, (_, n) => {
    const id = n % 10 === 9 ? n - 6 : n;
    const order = {
      ...(n % 50 === 7 ? {} : { id: `order-${id}` }),
      ...(n % 40 === 11 ? { isPoison: true } : {}),
      ...(n % 90 === 13 ? { failures: 2 } : {}),
    };
    return { partition: id % partitions, value: Buffer.from(JSON.stringify(order)) };
  });
}

async function produce(topic: string): Promise<void> {
  const producer = new Producer({ clientId: 'orders', bootstrapBrokers: inject('kafkaBrokers'), idempotent: true });
  await producer.send({ messages: orders().map((record) => ({ ...record, topic })) });
  await producer.close();
}

async function deadLetters(queueUrl: string): Promise<string[]> {
  const client = sqsClient();
  const places: string[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) break;
    for (const { Body } of Messages) {
      const letter = parseDeadLetter(Body ?? '');
      places.push(`${letter.partition}@${letter.offset}`);
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
  client.destroy();
  return places;
}

const cases: readonly {
  readonly name: string;
  readonly reports: boolean;
  readonly mapping: Pick<EventSourceMappingOptions, 'partialResponseReading'>;
}[] = [
  { name: 'by errors', reports: false, mapping: {} },
  { name: 'by reports, only the named delivered again', reports: true, mapping: { partialResponseReading: 'named' } },
  { name: 'by reports, all from the lowest', reports: true, mapping: { partialResponseReading: 'fromLowest' } },
];

describe('a topic on a real broker, handled by a function in a process of its own', () => {
  it.each(cases)('takes effect once a record, undone records told $name', async ({ reports, mapping }) => {
    const topic = await freshTopic({ partitions });
    const [table, queueUrl] = [await freshTable(), await freshQueue()];
    const folder = await mkdtemp(join(tmpdir(), 'kafka-once-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const effectsFile = join(folder, 'effects');
    await produce(topic);
    const lambda = childProcessFunction({
      entry: join(import.meta.dirname, 'function.ts'),
      environment: {
        ...inject('partsEnv'),
        EFFECTS: effectsFile,
        KAFKA_ONCE_TABLE: table,
        KAFKA_ONCE_NAMESPACE: 'main-job',
        KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: queueUrl,
        ...(reports ? { KAFKA_ONCE_REPORT_TOPICS: topic } : {}),
      },
      timeoutSeconds: 30,
      onOutput: () => undefined,
    });
    onTestFinished(() => lambda.close());
    const group = { brokers: inject('kafkaBrokers'), topic, consumerGroupId: freshName('group') };
    const options: EventSourceMappingOptions = {
      ...group,
      ...mapping,
      function: lambda,
      pollers: 2,
      retryBackoff: { baseMs: 20, maximumMs: 100 },
      settings: reports
        ? { provisionedPollers: { minimum: 1 }, functionResponseTypes: ['ReportBatchItemFailures'] }
        : {},
    };
    const consume = async (): Promise<void> => {
      const running = await startEventSourceMapping(options);
      try {
        await running.drained();
      } finally {
        await running.stop();
      }
    };
    await consume();
    // A reset of the consumer group: everything comes again, and nothing takes effect again.
    await resetConsumerGroup(group);
    await consume();

    const lines = (await readFile(effectsFile, 'utf8')).trim().split('\n');
    const effects = lines.map((line): Effect => JSON.parse(line));
    const names = effects.map(({ id, partition, offset }) => id ?? `${partition}@${offset}`);
    expect(new Set(names).size).toBe(names.length);
    const plan = orders().map(({ value }) => JSON.parse(value.toString()));
    const handleable = plan.filter(({ isPoison }) => isPoison !== true);
    const otherPayloads = plan.filter(({ failures }) => failures !== undefined).length;
    const ids = new Set(handleable.flatMap(({ id }) => (id === undefined ? [] : [id])));
    expect(new Set(effects.flatMap(({ id }) => id ?? []))).toEqual(ids);
    expect(effects.filter(({ id }) => id === null)).toHaveLength(
      handleable.filter(({ id }) => id === undefined).length,
    );
    const letters = await deadLetters(queueUrl);
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters).toHaveLength(plan.length - handleable.length + otherPayloads);
    for (let partition = 0; partition < partitions; partition += 1) {
      const offsets = effects.filter((effect) => effect.partition === partition).map(({ offset }) => offset);
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    }
    const committed = await committedOffsets(group);
    expect([...committed.values()].reduce((sum, offset) => sum + offset, 0)).toBe(records);
  });
});
