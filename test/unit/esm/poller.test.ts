import { describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../lib/core/esm/answer.ts';
import { resolveSettings } from '../../../lib/core/esm/settings.ts';
import { MappingCounters } from '../../../lib/local/esm/mapping-counters.ts';
import { PartitionQueue } from '../../../lib/local/esm/partition-queue.ts';
import { Poller } from '../../../lib/local/esm/poller.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { recordsOf } from './fake-source.ts';

const done: InvocationResult = { kind: 'returned', payload: 'null' };
const throttled: InvocationResult = { kind: 'notInvoked', reason: 'throttled' };
const failed: InvocationResult = { kind: 'functionError', errorType: 'Error', errorMessage: 'not now' };

/** A poller with one record in each partition, and what it does in order. */
function pollerWith(
  answers: readonly InvocationResult[],
  options: { readonly partitions?: readonly number[]; readonly maximumRetryAttempts?: number } = {},
) {
  const { partitions = [0], maximumRetryAttempts = -1 } = options;
  const clock = new FakeClock();
  const startMs = clock.nowMs();
  const push = (queue: PartitionQueue | undefined): void => {
    if (queue === undefined) return;
    const { partition, nextOffset: offset } = queue;
    const json = JSON.stringify({ partition, offset });
    const record = { topic: 'orders', partition, offset, json, jsonBytes: json.length, polledAtMs: clock.nowMs() };
    queue.push([record], offset + 1);
    poller.wake();
  };
  const queues = partitions.map((partition) => new PartitionQueue(partition, 0));
  const log: string[] = [];
  const counters = new MappingCounters();
  const left = [...answers];
  const poller = new Poller({
    index: 0,
    topic: 'orders',
    settings: resolveSettings({
      ...{ batchSize: 2, batchingWindowMs: 0, maximumRetryAttempts },
      provisionedPollers: { minimum: 1 },
      functionResponseTypes: ['ReportBatchItemFailures'],
    }),
    partialResponseReading: 'named',
    shape: { source: { eventSource: 'SelfManagedKafka' }, bootstrapServers: 'broker:9092' },
    clock,
    retryDelayMs: (failures) => 1_000 * 2 ** failures,
    counters,
    queues: () => queues.filter(({ owned }) => owned),
    commit: async (offsets) => {
      for (const offset of offsets.values()) log.push(`commit ${offset}`);
    },
    invoke: async (payload) => {
      log.push(`${clock.nowMs() - startMs} ms: ${recordsOf(payload)}`);
      return left.shift() ?? failed;
    },
    onEvent: (event) => {
      if (event.kind === 'dropped') log.push(`dropped ${event.records}`);
    },
    onProgress: () => undefined,
  });
  queues.forEach(push);
  /** Runs it for this long. */
  const run = async (ms: number, halfway: () => void = () => {}): Promise<string[]> => {
    const running = poller.run();
    await clock.advance(ms / 2);
    halfway();
    await clock.advance(ms / 2);
    poller.stop();
    await running;
    return log;
  };
  return { queues, counters, push, run };
}

describe('a poller', () => {
  it('commits nothing of a batch before the function has answered, nor when it failed', async () => {
    const { run } = pollerWith([failed, done]);
    expect(await run(5_000)).toEqual(['0 ms: 0@0', '1000 ms: 0@0', 'commit 1']);
  });

  it('waits longer after each failure', async () => {
    const { run } = pollerWith([failed, failed, failed, done]);
    expect(await run(60_000)).toEqual(['0 ms: 0@0', '1000 ms: 0@0', '3000 ms: 0@0', '7000 ms: 0@0', 'commit 1']);
  });

  it('waits longer after each throttle in a row, and counts none of them as a retry', async () => {
    const answers = [throttled, throttled, throttled, failed, throttled, throttled, failed];
    const { run, counters } = pollerWith(answers, { maximumRetryAttempts: 1 });
    expect(await run(60_000)).toEqual([
      '0 ms: 0@0',
      '1000 ms: 0@0',
      '3000 ms: 0@0',
      '7000 ms: 0@0',
      // The first failure, so the shortest wait; the throttles after it are counted anew.
      '8000 ms: 0@0',
      '9000 ms: 0@0',
      '11000 ms: 0@0',
      'dropped orders-0@0',
      'commit 1',
    ]);
    expect(counters.current).toMatchObject({ notInvoked: 5, invocations: 2, deliveries: 2, redeliveries: 1 });
  });

  it('delivers nothing again of a partition that went to another member of the group', async () => {
    const { queues, run } = pollerWith([failed]);
    expect(await run(1_000, () => release(queues[0]))).toEqual(['0 ms: 0@0']);
  });

  it.each([
    ['failed', failed],
    ['was throttled', throttled],
  ])('delivers again of a batch that %s only what it still has', async (_, answer) => {
    const { queues, run } = pollerWith([answer, done], { partitions: [0, 1] });
    expect(await run(1_000, () => release(queues[0]))).toEqual(['0 ms: 0@0,1@0', '1000 ms: 1@0', 'commit 1']);
  });

  it('delivers nothing new of a partition whose batch waits for its retry, when another batch is done', async () => {
    const payload = JSON.stringify({ batchItemFailures: [{ itemIdentifier: { partition: 'orders-1', offset: 0 } }] });
    const answers: InvocationResult[] = [{ kind: 'returned', payload }, failed, done, done, done];
    const { queues, push, run } = pollerWith(answers, { partitions: [0, 1] });
    const log = await run(1_000, () => [queues[0], queues[0], queues[0]].forEach(push));
    expect(log).toEqual(['0 ms: 0@0,1@0', 'commit 1', '500 ms: 0@1,0@2', '1000 ms: 1@0', 'commit 1']);
  });
});

function release(queue: PartitionQueue | undefined): void {
  if (queue !== undefined) queue.owned = false;
}
