import { describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../lib/core/esm/answer.ts';
import { resolveSettings } from '../../../lib/core/esm/settings.ts';
import { MappingCounters } from '../../../lib/local/esm/mapping-counters.ts';
import { PartitionQueue } from '../../../lib/local/esm/partition-queue.ts';
import { Poller } from '../../../lib/local/esm/poller.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';

const failed: InvocationResult = { kind: 'functionError', errorType: 'Error', errorMessage: 'not now' };

/** A poller with one record in one partition, and what it does in order. */
function pollerWith(answers: readonly InvocationResult[]) {
  const clock = new FakeClock();
  const queue = new PartitionQueue(0, 0);
  queue.push([{ topic: 'orders', partition: 0, offset: 0, json: '{}', jsonBytes: 2, polledAtMs: clock.nowMs() }], 1);
  const log: string[] = [];
  const left = [...answers];
  const poller = new Poller({
    index: 0,
    topic: 'orders',
    settings: resolveSettings({ batchingWindowMs: 0 }),
    partialResponseReading: 'named',
    shape: { source: { eventSource: 'SelfManagedKafka' }, bootstrapServers: 'broker:9092' },
    clock,
    retryDelayMs: () => 1_000,
    counters: new MappingCounters(),
    queues: () => (queue.owned ? [queue] : []),
    commit: async (offsets) => {
      for (const offset of offsets.values()) log.push(`commit ${offset}`);
    },
    invoke: async () => {
      log.push('invoke');
      return left.shift() ?? failed;
    },
    onEvent: () => undefined,
    onProgress: () => undefined,
  });
  return { clock, queue, log, poller };
}

describe('a poller', () => {
  it('commits nothing of a batch before the function has answered, nor when it failed', async () => {
    const { clock, log, poller } = pollerWith([failed, { kind: 'returned', payload: 'null' }]);
    const running = poller.run();
    await clock.advance(5_000);
    poller.stop();
    await running;
    expect(log).toEqual(['invoke', 'invoke', 'commit 1']);
  });

  it('delivers nothing again of a partition that went to another member of the group', async () => {
    const { clock, queue, log, poller } = pollerWith([failed]);
    const running = poller.run();
    await clock.advance(500);
    queue.owned = false;
    await clock.advance(10_000);
    poller.stop();
    await running;
    expect(log).toEqual(['invoke']);
  });
});
