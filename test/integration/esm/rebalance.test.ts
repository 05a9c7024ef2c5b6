import { Admin } from '@platformatic/kafka';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { mentions } from '../../../lib/local/esm/kafka-errors.ts';
import {
  committedOffsets,
  type FunctionInvoker,
  type InvocationResult,
  type MappingEvent,
} from '../../../lib/local/index.ts';
import { freshName, freshTopic } from '../../support/fresh.ts';
import { mapping, numbered, produce, recorded } from './support.ts';

const brokers = inject('kafkaBrokers');

/** A function in this process: `answer` is told which invocation it is, from 0, and names the offsets that fail. */
function answering(topic: string, answer: (invocation: number) => Promise<readonly number[]>): FunctionInvoker {
  let invocations = 0;
  return {
    timeoutSeconds: 30,
    async invoke(payload): Promise<InvocationResult> {
      const failed = await answer(invocations++);
      const { records }: { records: Record<string, { partition: number; offset: number }[]> } = JSON.parse(payload);
      const batchItemFailures = Object.values(records)
        .flat()
        .filter(({ offset }) => failed.includes(offset))
        .map(({ partition, offset }) => ({ itemIdentifier: { partition: `${topic}-${partition}`, offset } }));
      return { kind: 'returned', payload: JSON.stringify({ batchItemFailures }) };
    },
  };
}

describe('a rebalance while a batch is in flight', () => {
  it('loses nothing, moves no committed offset back and none past a record that is not done', async () => {
    const topic = await freshTopic({ partitions: 4 });
    const consumerGroupId = freshName('group');
    const broker = (): Promise<Map<string, number>> => committedOffsets({ brokers, topic, consumerGroupId });
    await produce(topic, numbered(40, 4));

    const invoked = Promise.withResolvers<void>();
    const firstAnswer = Promise.withResolvers<readonly number[]>();
    const secondAnswer = Promise.withResolvers<readonly number[]>();
    const one = recorded(
      answering(topic, (invocation) => {
        invoked.resolve();
        return invocation === 0 ? firstAnswer.promise : secondAnswer.promise;
      }),
    );
    const two = recorded(answering(topic, async () => []));
    const halved = Promise.withResolvers<readonly number[]>();
    const partial = Promise.withResolvers<void>();
    const commits: [string, number][] = [];
    const onEvent = (event: MappingEvent): void => {
      if (event.kind === 'committed') commits.push(...event.offsets);
    };
    const common = { topic, consumerGroupId, sessionTimeoutMs: 6000 };
    const first = await mapping({
      ...common,
      function: one,
      // The first batch closes when it has every record of every partition.
      settings: { batchSize: 40, batchingWindowMs: 300_000 },
      onEvent: (event) => {
        onEvent(event);
        if (event.kind === 'assigned' && event.partitions.length === 2) halved.resolve(event.partitions);
        if (event.kind === 'committed') partial.resolve();
      },
    });
    onTestFinished(() => {
      // A mapping stops only after the invocation under way.
      firstAnswer.resolve([]);
      secondAnswer.resolve([]);
    });
    await invoked.promise;
    expect(one.deliveries()[0]).toHaveLength(40);
    const second = await mapping({ ...common, function: two, onEvent });
    const kept = [...(await halved.promise)].sort().map((partition) => `${topic}-${partition}`);
    const lost = [0, 1, 2, 3].map((partition) => `${topic}-${partition}`).filter((name) => !kept.includes(name));

    // The other member does all of what it got while the batch is still in flight.
    await second.drained();
    expect(await broker()).toEqual(new Map(lost.map((name) => [name, 10])));

    // The batch ends with one record of each partition undone.
    firstAnswer.resolve([3]);
    await partial.promise;
    const between = [...lost.map((name) => [name, 10] as const), ...kept.map((name) => [name, 3] as const)];
    expect(await broker()).toEqual(new Map(between));

    secondAnswer.resolve([]);
    await first.drained();
    expect(await broker()).toEqual(new Map([...kept, ...lost].map((name) => [name, 10])));
    const perPartition = (offset: number): string[] => kept.map((name) => `${name.slice(topic.length + 1)}@${offset}`);
    expect(one.deliveries().slice(1)).toEqual([perPartition(3)]);
    expect(two.deliveries().flat()).toHaveLength(20);
    expect(Map.groupBy(commits, ([name]) => name)).toEqual(
      new Map(
        between.map(([name, offset]) => [
          name,
          offset === 10
            ? [[name, 10]]
            : [
                [name, 3],
                [name, 10],
              ],
        ]),
      ),
    );
  });
});

describe('a member that the group has given up, with a batch in flight', () => {
  it.each([
    ['finds it out by its commit', false],
    ['has come back before the batch ends', true],
  ])('moves no committed offset back: it %s', async (_, isBack) => {
    const topic = await freshTopic({ partitions: 2 });
    const consumerGroupId = freshName('group');
    await produce(topic, numbered(20, 2));
    const invoked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<readonly number[]>();
    const invoker = recorded(
      answering(topic, (invocation) => {
        invoked.resolve();
        return invocation === 0 ? answer.promise : Promise.resolve([]);
      }),
    );
    const commits: Map<string, number>[] = [];
    let assignments = 0;
    const back = Promise.withResolvers<void>();
    const running = await mapping({
      topic,
      consumerGroupId,
      function: invoker,
      sessionTimeoutMs: 6000,
      settings: { batchSize: 20 },
      onEvent: (event) => {
        if (event.kind === 'committed') commits.push(new Map(event.offsets));
        if (event.kind === 'assigned' && ++assignments === 2) back.resolve();
      },
    });
    onTestFinished(() => answer.resolve([]));
    await invoked.promise;
    await readOnByAnother(topic, consumerGroupId, 7n);
    if (isBack) await back.promise;
    answer.resolve([3]);
    await back.promise;
    await running.drained();
    expect(invoker.deliveries().slice(1).flat().sort()).toEqual(['0@7', '0@8', '0@9', '1@7', '1@8', '1@9']);
    expect(commits.flatMap((offsets) => [...offsets.values()])).toEqual([10, 10]);
  });
});

/** Does what another member would while this one is away: it is put out of the group, and the offsets move on. */
async function readOnByAnother(topic: string, groupId: string, offset: bigint): Promise<void> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: brokers });
  const partitionOffsets = [0, 1].map((partition) => ({ partition, offset }));
  try {
    for (let isEmpty = false; !isEmpty; ) {
      await admin.removeMembersFromConsumerGroup({ groupId, members: null });
      try {
        await admin.alterConsumerGroupOffsets({ groupId, topics: [{ name: topic, partitionOffsets }] });
        isEmpty = true;
      } catch (error) {
        // It had come back already.
        if (!mentions(error, 'UNKNOWN_MEMBER_ID') && !mentions(error, 'NON_EMPTY_GROUP')) throw error;
      }
    }
  } finally {
    await admin.close();
  }
}
