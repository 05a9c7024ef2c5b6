import { topicPartition } from '../../core/coordinates.ts';
import type { MappingMetrics, MappingStatus } from './mapping-events.ts';
import type { PartitionQueue } from './partition-queue.ts';

/** The state of a mapping as its counters and the queues of its partitions show it. */
export function mappingStatus(
  topic: string,
  metrics: MappingMetrics,
  queues: readonly PartitionQueue[],
): MappingStatus {
  const committed = queues.flatMap(({ partition, committedOffset }): [string, number][] =>
    committedOffset === undefined ? [] : [[topicPartition({ topic, partition }), committedOffset]],
  );
  return {
    ...metrics,
    committedOffsets: new Map(committed),
    assignedPartitions: queues.map(({ partition }) => partition),
    waitingRecords: queues.reduce((sum, { waiting }) => sum + waiting.length, 0),
  };
}
