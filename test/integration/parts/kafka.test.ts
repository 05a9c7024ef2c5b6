import { Admin, Consumer, type Message, Producer } from '@platformatic/kafka';
import { describe, expect, inject, it } from 'vitest';
import { freshName, freshTopic } from '../../support/fresh.ts';

const bootstrapBrokers = inject('kafkaBrokers');
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

function newConsumer(groupId: string): Consumer {
  return new Consumer({ clientId: 'test', groupId, bootstrapBrokers, sessionTimeout: 6_000, heartbeatInterval: 500 });
}

async function readAll(topic: string, count: number): Promise<Message[]> {
  const consumer = newConsumer(freshName('group'));
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 100 });
  const records: Message[] = [];
  for await (const record of stream) {
    records.push(record);
    if (records.length === count) break;
  }
  await consumer.close(true);
  return records;
}

describe('the broker and its client', () => {
  it('carry null and empty keys, tombstones and empty values, and header bytes that are no text', async () => {
    const topic = await freshTopic();
    const producer = new Producer({ clientId: 'test', bootstrapBrokers });
    const header = Buffer.from([0xff, 0x80, 0x00, 0x7f]);
    const headers = new Map([
      [bytes('trace'), header],
      [bytes('trace'), bytes('again')],
    ]);
    await producer.send({
      acks: -1,
      messages: [
        { topic, key: bytes('k'), value: bytes('{"ü":1}'), headers },
        { topic, key: bytes('k') },
        { topic, value: bytes('') },
        { topic, key: bytes(''), value: bytes('x') },
      ],
    });
    await producer.close();

    const [full, tombstone, empty, emptyKey] = await readAll(topic, 4);

    expect(full?.key).toEqual(bytes('k'));
    expect(full?.value).toEqual(bytes('{"ü":1}'));
    expect(full?.headerEntries).toEqual([
      [bytes('trace'), header],
      [bytes('trace'), bytes('again')],
    ]);
    // The client's types promise a Buffer; a null key or value is undefined.
    expect(tombstone?.value).toBeUndefined();
    expect([empty?.key, empty?.value]).toEqual([undefined, bytes('')]);
    expect([emptyKey?.key, emptyKey?.value]).toEqual([bytes(''), bytes('x')]);
    expect([full, tombstone, empty, emptyKey].map((record) => record?.offset)).toEqual([0n, 1n, 2n, 3n]);
  });

  it('fetch chosen partitions only, so that a partition can be held back while its group membership lasts', async () => {
    const topic = await freshTopic({ partitions: 2 });
    const producer = new Producer({ clientId: 'test', bootstrapBrokers });
    const values = [0, 1].map((partition) => ({ topic, partition, value: bytes(`p${partition}`) }));
    await producer.send({ acks: -1, messages: values });
    await producer.close();
    const consumer = newConsumer(freshName('group'));
    consumer.topics.trackAll(topic);
    await consumer.joinGroup({});
    expect(consumer.assignments).toEqual([{ topic, partitions: [0, 1] }]);
    const metadata = await consumer.metadata({ topics: [topic] });
    const about = metadata.topics.get(topic);
    if (about === undefined) throw new Error('the topic has no metadata');

    const { responses } = await consumer.fetch({
      node: about.partitions[1]?.leader ?? -1,
      minBytes: 1,
      maxWaitTime: 1_000,
      topics: [
        {
          topicId: about.id,
          partitions: [
            { partition: 1, fetchOffset: 0n, currentLeaderEpoch: -1, lastFetchedEpoch: -1, partitionMaxBytes: 1 << 20 },
          ],
        },
      ],
    });

    const got = responses.flatMap(({ partitions }) => partitions);
    expect(got.map(({ partitionIndex }) => partitionIndex)).toEqual([1]);
    expect(got[0]?.records?.[0]?.records[0]?.value).toEqual(bytes('p1'));
    await consumer.close(true);
  });

  it('keep a committed offset as it was given, for the next member of the group', async () => {
    const topic = await freshTopic({ partitions: 2 });
    const group = freshName('group');
    const first = newConsumer(group);
    first.topics.trackAll(topic);
    await first.joinGroup({});
    await first.commit({ offsets: [{ topic, partition: 1, offset: 7n, leaderEpoch: -1 }] });
    await first.close(true);

    const second = newConsumer(group);
    second.topics.trackAll(topic);
    await second.joinGroup({});
    const committed = await second.listCommittedOffsets({ topics: [{ topic, partitions: [0, 1] }] });
    await second.close(true);

    // Minus one: nothing was ever committed there.
    expect(committed.get(topic)).toEqual([-1n, 7n]);
  });

  it('refuse a topic that nobody made', async () => {
    const producer = new Producer({ clientId: 'test', bootstrapBrokers, retries: 0 });
    const send = producer.send({ messages: [{ topic: freshName('none'), value: bytes('x') }] });
    await expect(send).rejects.toThrow();
    await producer.close();
  });

  it('list the broker on 127.0.0.1 and nowhere else', async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers });
    const { brokers } = await admin.metadata({ topics: [] });
    await admin.close();
    expect([...brokers.values()].map(({ host, port }) => `${host}:${port}`)).toEqual(bootstrapBrokers);
  });
});
