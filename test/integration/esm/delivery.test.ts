import { Producer } from '@platformatic/kafka';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { committedOffsets, type MappingEvent } from '../../../lib/local/index.ts';
import { freshName, freshTopic } from '../../support/fresh.ts';
import { mapping, numbered, produce, recorded, scripted } from './support.ts';

const brokers = inject('kafkaBrokers');

describe('a local event source mapping on a real broker', () => {
  it('delivers each record once, in the order of its partition, and commits all', async () => {
    const topic = await freshTopic({ partitions: 3 });
    const consumerGroupId = freshName('group');
    await produce(topic, numbered(300, 3));
    const invoker = recorded(scripted([]));
    const running = await mapping({
      topic,
      consumerGroupId,
      function: invoker,
      pollers: 2,
      settings: { batchSize: 20 },
    });
    await running.drained();

    const deliveries = invoker.deliveries();
    for (const partition of [0, 1, 2]) {
      const offsets = deliveries.flat().filter((record) => record.startsWith(`${partition}@`));
      expect(offsets).toEqual(Array.from({ length: 100 }, (_, offset) => `${partition}@${offset}`));
    }
    expect(deliveries.every(({ length }) => length <= 20)).toBe(true);
    // Partitions 0 and 2 belong to one poller and share payloads, partition 1 to the other.
    const together = deliveries.map((list) => [...new Set(list.map((record) => record[0]))].sort().join());
    expect(new Set(together)).toEqual(new Set(['0,2', '1']));
    expect(running.status()).toMatchObject({ deliveries: 300, redeliveries: 0, polledRecords: 300, waitingRecords: 0 });
    const all = new Map([0, 1, 2].map((partition) => [`${topic}-${partition}`, 100]));
    expect(running.status().committedOffsets).toEqual(all);
    expect(await committedOffsets({ brokers, topic, consumerGroupId })).toEqual(all);
  });

  it('makes the documented event of what Kafka holds', async () => {
    const topic = await freshTopic();
    const header = new Map([[Buffer.from('t'), Buffer.from([0, 127, 128, 255])]]);
    await produce(topic, [
      { key: Buffer.from('k'), value: Buffer.from('v'), headers: header, timestamp: 1_790_000_000_123n },
      { value: Buffer.from('') },
      { key: Buffer.from('gone') },
    ]);
    const invoker = recorded(scripted([]));
    const shape = { source: { eventSource: 'SelfManagedKafka' }, bootstrapServers: 'b:9092' } as const;
    const running = await mapping({ topic, function: invoker, eventShape: shape });
    await running.drained();

    const timestamp = expect.any(Number);
    const same = { topic, partition: 0, timestamp, timestampType: 'CREATE_TIME', headers: [] };
    expect(invoker.payloads.map((payload) => JSON.parse(payload))).toEqual([
      {
        eventSource: 'SelfManagedKafka',
        bootstrapServers: 'b:9092',
        records: {
          [`${topic}-0`]: [
            {
              ...same,
              offset: 0,
              timestamp: 1_790_000_000_123,
              key: 'aw==',
              value: 'dg==',
              headers: [{ t: [0, 127, -128, -1] }],
            },
            { ...same, offset: 1, value: '' },
            { ...same, offset: 2, key: 'Z29uZQ==' },
          ],
        },
      },
    ]);
  });

  it('says LOG_APPEND_TIME where the broker sets the timestamps', async () => {
    const topic = await freshTopic({ configs: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }] });
    const before = Date.now();
    await produce(topic, [{ value: Buffer.from('v'), timestamp: 5n }]);
    const invoker = recorded(scripted([]));
    const running = await mapping({ topic, function: invoker });
    await running.drained();
    const [record] = JSON.parse(invoker.payloads[0] ?? '').records[`${topic}-0`];
    expect(record.timestampType).toBe('LOG_APPEND_TIME');
    expect(record.timestamp).toBeGreaterThanOrEqual(before);
  });

  it('never delivers a record that no payload can hold, counts it and goes on', async () => {
    const topic = await freshTopic({ configs: [{ name: 'max.message.bytes', value: '8000000' }] });
    for (const size of [1, 5_000_000, 4_500_000, 1_000_000]) {
      await produce(topic, [{ value: Buffer.alloc(size) }]);
    }
    const events: MappingEvent[] = [];
    const invoker = recorded(scripted([]));
    const running = await mapping({ topic, function: invoker, onEvent: (event) => events.push(event) });
    await running.drained();
    expect(invoker.deliveries()).toEqual([['0@0'], ['0@2'], ['0@3']]);
    expect(running.status().droppedRecords).toBe(1);
    expect(events).toContainEqual({ kind: 'dropped', because: 'payloadTooLarge', records: [`${topic}-0@1`] });
    expect(running.status().committedOffsets).toEqual(new Map([[`${topic}-0`, 4]]));
  });

  it('delivers nothing of aborted transactions, also when a fetch does not reach their end', async () => {
    const topic = await freshTopic();
    const bootstrapBrokers = brokers;
    const options = { clientId: 'test', bootstrapBrokers, idempotent: true, transactionalId: freshName('tx') };
    const producer = new Producer(options);
    onTestFinished(() => producer.close());
    for (const [end, megabytes] of [
      ['abort', 0],
      ['commit', 0],
      ['abort', 4],
      ['abort', 0],
      ['commit', 0],
    ] as const) {
      const transaction = await producer.beginTransaction();
      const values = [Buffer.from(end), ...Array.from({ length: megabytes * 2 }, () => Buffer.alloc(500_000))];
      for (const value of values) {
        await transaction.send({ messages: [{ topic, value }] });
      }
      await transaction[end]();
    }
    const invoker = recorded(scripted([]));
    const running = await mapping({ topic, function: invoker });
    await running.drained();
    const delivered = invoker.payloads.flatMap((payload) => JSON.parse(payload).records[`${topic}-0`]);
    const commit = Buffer.from('commit').toString('base64');
    expect(delivered.map(({ value }) => value)).toEqual([commit, commit]);
  });

  it('carries 20 000 records of 300 bytes in 12 partitions through a process', async () => {
    const topic = await freshTopic({ partitions: 12 });
    await produce(
      topic,
      Array.from({ length: 20_000 }, (_, n) => ({ partition: n % 12, value: Buffer.alloc(300, 'x') })),
    );
    const invoker = recorded(scripted([]));
    const running = await mapping({ topic, function: invoker, pollers: 2 });
    await running.drained();
    const delivered = invoker.deliveries().flat();
    expect(delivered).toHaveLength(20_000);
    expect(new Set(delivered).size).toBe(20_000);
  });

  it('starts where it is told when the group has committed nothing', async () => {
    const topic = await freshTopic();
    const at = (n: number): bigint => 1_790_000_000_000n + BigInt(n);
    await produce(
      topic,
      [0, 1, 2, 3].map((n) => ({ value: Buffer.from(String(n)), timestamp: at(n * 10) })),
    );
    const late = recorded(scripted([]));
    const byTime = await mapping({
      topic,
      function: late,
      settings: { startingPosition: { atTimestampMs: Number(at(15)) } },
    });
    await byTime.drained();
    expect(late.deliveries().flat()).toEqual(['0@2', '0@3']);

    const latest = recorded(scripted([]));
    const fromEnd = await mapping({ topic, function: latest, settings: { startingPosition: 'LATEST' } });
    await produce(topic, [{ value: Buffer.from('4') }]);
    await fromEnd.drained();
    expect(latest.deliveries().flat()).toEqual(['0@4']);
  });

  it('refuses a topic that does not exist and settings that AWS refuses', async () => {
    const invoker = scripted([]);
    await expect(mapping({ topic: freshName('none'), function: invoker })).rejects.toThrow(/^topic: .* does not exist/);
    const topic = await freshTopic();
    await expect(mapping({ topic, function: invoker, settings: { batchSize: 0 } })).rejects.toThrow(/^batchSize: is 0/);
    await expect(mapping({ topic, function: scripted([], { timeoutSeconds: 900 }) })).rejects.toThrow(
      /^functionTimeoutSeconds: is 900/,
    );
    await expect(mapping({ topic, function: invoker, pollers: 0 })).rejects.toThrow(/^pollers: is 0/);
  });
});
