import { Admin } from '@platformatic/kafka';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { committedOffsets, type MappingEvent, resetConsumerGroup } from '../../../lib/local/index.ts';
import { freshName, freshTopic } from '../../support/fresh.ts';
import { mapping, numbered, produce, recorded, scripted } from './support.ts';

const brokers = inject('kafkaBrokers');

describe('the consumer group of a mapping', () => {
  it('goes on from its commits after a stop', async () => {
    const topic = await freshTopic({ partitions: 2 });
    const consumerGroupId = freshName('group');
    await produce(topic, numbered(10, 2));
    const first = await mapping({ topic, consumerGroupId, function: scripted([]) });
    await first.drained();
    await first.stop();
    await produce(topic, numbered(4, 2));
    const invoker = recorded(scripted([]));
    const second = await mapping({ topic, consumerGroupId, function: invoker });
    await second.drained();
    expect(invoker.deliveries().flat().sort()).toEqual(['0@5', '0@6', '1@5', '1@6']);
  });

  it('delivers again what was not done at a stop, and commits only what precedes it', async () => {
    const topic = await freshTopic();
    const consumerGroupId = freshName('group');
    await produce(topic, numbered(5, 1));
    const partial = Promise.withResolvers<void>();
    const first = await mapping({
      topic,
      consumerGroupId,
      function: scripted([{ failPlaces: [2, 4] }]),
      retryBackoff: { baseMs: 3_600_000, maximumMs: 3_600_000 },
      onEvent: ({ kind }) => kind === 'committed' && partial.resolve(),
    });
    await partial.promise;
    const drained = expect(first.drained()).rejects.toThrow('stopped before everything was done');
    await first.stop();
    await drained;
    expect(await committedOffsets({ brokers, topic, consumerGroupId })).toEqual(new Map([[`${topic}-0`, 2]]));

    const invoker = recorded(scripted([]));
    const second = await mapping({ topic, consumerGroupId, function: invoker });
    await second.drained();
    expect(invoker.deliveries()).toEqual([['0@2', '0@3', '0@4']]);
  });

  it('can be reset while it is stopped, and then everything is delivered again', async () => {
    const topic = await freshTopic({ partitions: 3 });
    const consumerGroupId = freshName('group');
    await produce(topic, numbered(9, 3));
    const first = await mapping({ topic, consumerGroupId, function: scripted([]) });
    await first.drained();
    await expect(resetConsumerGroup({ brokers, topic, consumerGroupId })).rejects.toThrow(
      /^consumerGroupId: .*has members/,
    );
    await first.stop();
    const start = new Map([0, 1, 2].map((partition) => [`${topic}-${partition}`, 0]));
    expect(await resetConsumerGroup({ brokers, topic, consumerGroupId })).toEqual(start);
    expect(await committedOffsets({ brokers, topic, consumerGroupId })).toEqual(start);
    const invoker = recorded(scripted([]));
    const second = await mapping({ topic, consumerGroupId, function: invoker });
    await second.drained();
    expect(invoker.deliveries().flat()).toHaveLength(9);
    await second.stop();
    const end = new Map([0, 1, 2].map((partition) => [`${topic}-${partition}`, 3]));
    expect(await resetConsumerGroup({ brokers, topic, consumerGroupId, to: 'LATEST' })).toEqual(end);
  });

  it('goes on at the first record there is when the committed offset is gone from the topic', async () => {
    const topic = await freshTopic();
    const consumerGroupId = freshName('group');
    await produce(topic, numbered(8, 1));
    await resetConsumerGroup({ brokers, topic, consumerGroupId });
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: brokers });
    onTestFinished(() => admin.close());
    await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: 5n }] }] });
    const invoker = recorded(scripted([]));
    const running = await mapping({ topic, consumerGroupId, function: invoker });
    await running.drained();
    expect(invoker.deliveries().flat()).toEqual(['0@5', '0@6', '0@7']);
  });

  it('shares its partitions between two mappings and hands them back when one stops', async () => {
    const topic = await freshTopic({ partitions: 4 });
    const consumerGroupId = freshName('group');
    const assignments: number[] = [];
    const halved = Promise.withResolvers<void>();
    const whole = Promise.withResolvers<void>();
    const onEvent = (event: MappingEvent): void => {
      if (event.kind === 'assigned') {
        assignments.push(event.partitions.length);
        if (assignments.includes(2)) {
          (event.partitions.length === 4 ? whole : halved).resolve();
        }
      }
    };
    const one = recorded(scripted([]));
    const two = recorded(scripted([]));
    const first = await mapping({ topic, consumerGroupId, function: one, onEvent, sessionTimeoutMs: 6000 });
    const second = await mapping({ topic, consumerGroupId, function: two, sessionTimeoutMs: 6000 });
    await halved.promise;
    await produce(topic, numbered(40, 4));
    await Promise.all([first.drained(), second.drained()]);
    const delivered = [one, two].map((invoker) => invoker.deliveries().flat());
    expect(delivered.map(({ length }) => length)).toEqual([20, 20]);
    expect(new Set(delivered.flat()).size).toBe(40);
    await second.stop();
    await whole.promise;
    await produce(topic, numbered(4, 4));
    await first.drained();
    expect(one.deliveries().flat()).toHaveLength(24);
  });
});
