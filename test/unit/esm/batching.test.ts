import { describe, expect, it } from 'vitest';
import { decideBatch, maximumPayloadBytes, takenRecords, type WaitingRecord } from '../../../lib/core/esm/batching.ts';
import type { EventShape } from '../../../lib/core/esm/event.ts';

const shape: EventShape = { source: { eventSource: 'SelfManagedKafka' }, bootstrapServers: 'h:9092' };
const settings = { batchSize: 4, batchingWindowMs: 500 };

function queue(partition: number, count: number, polledAtMs = 1_000, jsonBytes = 100): WaitingRecord[] {
  return Array.from({ length: count }, (_, offset) => ({
    topic: 'orders',
    partition,
    offset,
    json: '',
    jsonBytes,
    polledAtMs,
  }));
}

describe('a batch', () => {
  it('is not begun while nothing waits', () => {
    expect(decideBatch([[], []], settings, shape, 9_000)).toEqual({ kind: 'idle' });
    expect(decideBatch([], settings, shape, 9_000)).toEqual({ kind: 'idle' });
  });

  it('waits for the window of its oldest record', () => {
    expect(decideBatch([queue(0, 1, 1_400), queue(1, 1, 1_000)], settings, shape, 1_499)).toEqual({
      kind: 'wait',
      untilMs: 1_500,
    });
  });

  it('closes when the window is over', () => {
    expect(decideBatch([queue(0, 1)], settings, shape, 1_500)).toEqual({ kind: 'close', by: 'window', taken: [1] });
  });

  it('with a window of 0 closes at once', () => {
    const decision = decideBatch([queue(0, 1)], { ...settings, batchingWindowMs: 0 }, shape, 1_000);
    expect(decision).toEqual({ kind: 'close', by: 'window', taken: [1] });
  });

  it('closes at its size, topic-partitions taking turns', () => {
    const queues = [queue(0, 9), queue(1, 1), queue(2, 9)];
    const decision = decideBatch(queues, settings, shape, 1_000);
    expect(decision).toEqual({ kind: 'close', by: 'batchSize', taken: [2, 1, 1] });
    expect([...takenRecords(queues, [2, 0, 1])].map(([name, list]) => [name, list.length])).toEqual([
      ['orders-0', 2],
      ['orders-2', 1],
    ]);
  });

  it('closes at its size when nothing more waits', () => {
    expect(decideBatch([queue(0, 4)], settings, shape, 1_000)).toMatchObject({ kind: 'close', by: 'batchSize' });
  });

  it('closes before the record that would break the payload limit', () => {
    const decision = decideBatch([queue(0, 3, 1_000, 2.5 * 1024 * 1024)], settings, shape, 1_000);
    expect(decision).toEqual({ kind: 'close', by: 'payload', taken: [2] });
  });

  it('refuses a record that fits no invocation, once it is the next of its topic-partition', () => {
    const [small] = queue(0, 1);
    const [large] = queue(0, 1, 1_000, maximumPayloadBytes);
    if (small === undefined || large === undefined) {
      throw new Error('two records expected');
    }
    expect(decideBatch([queue(1, 1), [large, small]], settings, shape, 1_000)).toEqual({ kind: 'refuse', queue: 1 });
    expect(decideBatch([[small, large]], settings, shape, 1_000)).toEqual({
      kind: 'close',
      by: 'payload',
      taken: [1],
    });
  });
});
