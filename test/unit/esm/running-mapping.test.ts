import { describe, expect, it, onTestFinished } from 'vitest';
import type { InvocationResult } from '../../../lib/core/esm/answer.ts';
import { resolveSettings } from '../../../lib/core/esm/settings.ts';
import { RunningMapping } from '../../../lib/local/esm/running-mapping.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { FakeSource, recordsOf } from './fake-source.ts';

const done: InvocationResult = { kind: 'returned', payload: 'null' };
const failed: InvocationResult = { kind: 'functionError', errorType: 'Error', errorMessage: 'not now' };

/** A mapping whose invocations stay open until the test answers them. */
async function mappingOf(ends: Readonly<Record<number, number>>, pollers = 1) {
  const clock = new FakeClock();
  const source = new FakeSource(clock, ends);
  const invocations: { readonly records: string[]; readonly answer: (result: InvocationResult) => void }[] = [];
  const mapping = await RunningMapping.start({
    openSource: (listener) => source.open(listener),
    topic: 'orders',
    function: {
      timeoutSeconds: 3,
      invoke: (payload) => {
        const { promise, resolve } = Promise.withResolvers<InvocationResult>();
        invocations.push({ records: recordsOf(payload), answer: resolve });
        return promise;
      },
    },
    settings: resolveSettings({ batchingWindowMs: 0 }),
    pollers,
    shape: { source: { eventSource: 'SelfManagedKafka' }, bootstrapServers: 'broker:9092' },
    partialResponseReading: 'named',
    retryDelayMs: () => 1_000,
    clock,
    onEvent: () => {},
  });
  onTestFinished(async () => {
    const stopped = mapping.stop();
    for (const { answer } of invocations) answer(failed);
    await clock.runUntilSettled(stopped);
  });
  await clock.settle();
  return { clock, source, invocations, mapping };
}

describe('a batch whose partition goes to another member while it is in flight', () => {
  it('is committed for the partitions only that are left', async () => {
    const { clock, source, invocations } = await mappingOf({ 0: 3, 1: 2 });
    expect(invocations.map(({ records }) => records)).toEqual([['0@0', '0@1', '0@2', '1@0', '1@1']]);
    source.assign([1]);
    await clock.settle();
    invocations[0]?.answer(done);
    await clock.advance(5_000);
    expect(source.commits).toEqual([{ 1: 2 }]);
  });

  it('is delivered again without that partition', async () => {
    const { clock, source, invocations } = await mappingOf({ 0: 3, 1: 2 });
    source.assign([1]);
    await clock.settle();
    invocations[0]?.answer(failed);
    await clock.advance(1_000);
    expect(invocations.slice(1).map(({ records }) => records)).toEqual([['1@0', '1@1']]);
    source.assign([]);
    invocations[1]?.answer(failed);
    await clock.advance(5_000);
    expect(invocations).toHaveLength(2);
    expect(source.commits).toEqual([]);
  });

  it.each([
    ['in two rebalances', [[], [0]]],
    ['in one, because the group had given this member up', [[0]]],
  ])(
    'is not committed either when the partition has come back, where the other member left it, %s',
    async (_, turns) => {
      const { clock, source, invocations, mapping } = await mappingOf({ 0: 3 });
      source.committed.set(0, 2);
      for (const partitions of turns) source.assign(partitions, []);
      await clock.settle();
      invocations[0]?.answer(done);
      await clock.advance(100);
      expect(source.commits).toEqual([]);
      expect(invocations.slice(1).map(({ records }) => records)).toEqual([['0@2']]);
      invocations[1]?.answer(done);
      await clock.runUntilSettled(mapping.drained());
      expect(source.commits).toEqual([{ 0: 3 }]);
    },
  );

  it('takes none of its records that wait with it', async () => {
    const { clock, source, invocations, mapping } = await mappingOf({ 0: 150, 1: 1 }, 2);
    expect(invocations.map(({ records }) => records.length).sort()).toEqual([1, 100]);
    source.assign([1]);
    for (const { answer } of invocations) answer(done);
    await clock.advance(5_000);
    expect(invocations).toHaveLength(2);
    expect(mapping.status()).toMatchObject({ waitingRecords: 0, assignedPartitions: [1] });
    expect(source.commits).toEqual([{ 1: 1 }]);
  });

  it('is not committed when the first try failed and the partition has gone before the next', async () => {
    const { clock, source, invocations } = await mappingOf({ 0: 3, 1: 2 });
    const commit = source.commit.bind(source);
    source.commit = () => Promise.reject(new Error('no coordinator'));
    invocations[0]?.answer(done);
    await clock.settle();
    source.commit = commit;
    source.assign([1]);
    await clock.advance(5_000);
    expect(source.commits).toEqual([{ 1: 2 }]);
  });
});

describe('a mapping without a partition', () => {
  it('goes to work when a rebalance gives it one', async () => {
    const { clock, source, invocations, mapping } = await mappingOf({ 0: 0, 1: 2 });
    invocations[0]?.answer(failed);
    source.assign([]);
    await clock.advance(5_000);
    source.assign([1]);
    await clock.settle();
    expect(invocations.at(-1)?.records).toEqual(['1@0', '1@1']);
    invocations.at(-1)?.answer(done);
    await clock.runUntilSettled(mapping.drained());
    expect(mapping.status().committedOffsets).toEqual(new Map([['orders-1', 2]]));
  });
});
