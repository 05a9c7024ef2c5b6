import { Admin, Consumer, ListOffsetTimestamps, Producer } from '@platformatic/kafka';
import type { Coordinates } from '../../lib/core/coordinates.ts';
import type { OrderRecord } from './order-records.ts';
import type { RecordKind } from './record-kind.ts';

/** A record as the broker has it, and what the audit makes of it. */
export interface StoredRecord<What = RecordKind> extends Coordinates {
  readonly timestampMs: number;
  readonly what: What;
}

const clientId = 'kafka-once-demo';
const recordsInRequest = 500;

async function withAdmin<T>(brokers: readonly string[], use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId, bootstrapBrokers: [...brokers] });
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

export async function createTopic(brokers: readonly string[], topic: string, partitions: number): Promise<void> {
  await withAdmin(brokers, (admin) => admin.createTopics({ topics: [topic], partitions, replicas: 1 }));
}

export async function deleteTopic(brokers: readonly string[], topic: string): Promise<void> {
  await withAdmin(brokers, (admin) => admin.deleteTopics({ topics: [topic] }));
}

/** Produces the records in order, each exactly once; what is sent twice is sent twice on purpose. */
export async function produce(
  brokers: readonly string[],
  topic: string,
  records: readonly OrderRecord[],
  signal: AbortSignal,
): Promise<void> {
  // A producer that is not idempotent may send again what arrived, and the counts would differ from run to run.
  const producer = new Producer({ clientId, bootstrapBrokers: [...brokers], idempotent: true });
  try {
    for (let from = 0; from < records.length && !signal.aborted; from += recordsInRequest) {
      const messages = records.slice(from, from + recordsInRequest).map(({ partition, key, value, headers }) => ({
        ...{ topic, partition },
        ...(key === undefined ? {} : { key: Buffer.from(key) }),
        ...(value === undefined ? {} : { value: Buffer.from(value) }),
        headers: new Map([...headers].map(([name, content]) => [Buffer.from(name), Buffer.from(content)])),
      }));
      await producer.send({ messages });
    }
  } finally {
    await producer.close();
  }
}

/** Everything that the topic holds, read from the broker by a consumer of its own; each partition in its order. */
export async function readTopic<What>(
  brokers: readonly string[],
  topic: string,
  partitions: number,
  whatIn: (value: Uint8Array | undefined, coordinates: Coordinates) => What,
): Promise<readonly StoredRecord<What>[]> {
  const total = await recordsIn(brokers, topic, partitions);
  const consumer = new Consumer({ clientId, bootstrapBrokers: [...brokers], groupId: `${topic}-audit` });
  const records: StoredRecord<What>[] = [];
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
    for await (const message of stream) {
      const coordinates = { topic, partition: message.partition, offset: Number(message.offset) };
      // The client's type has no tombstones.
      const value: Uint8Array | null | undefined = message.value;
      const what = whatIn(value ?? undefined, coordinates);
      records.push({ ...coordinates, timestampMs: Number(message.timestamp), what });
      if (records.length === total) break;
    }
    await stream.close();
  } finally {
    await consumer.close(true);
  }
  return records;
}

async function recordsIn(brokers: readonly string[], topic: string, partitions: number): Promise<number> {
  return await withAdmin(brokers, async (admin) => {
    const offsets = await admin.listOffsets({
      topics: [
        {
          name: topic,
          partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
            partitionIndex,
            timestamp: ListOffsetTimestamps.LATEST,
          })),
        },
      ],
    });
    return offsets.flatMap((each) => each.partitions).reduce((sum, { offset }) => sum + Number(offset), 0);
  });
}
