import { topicPartition } from '../coordinates.ts';
import { type EventRecord, type EventShape, emptyEventBytes, partitionBytes } from './event.ts';
import type { ResolvedSettings } from './settings.ts';

/** The payload of a synchronous invocation: 6 MB. Source: AWS Lambda quotas. */
export const maximumPayloadBytes: number = 6 * 1024 * 1024;

/** A record that waits in the poller. */
export interface WaitingRecord extends EventRecord {
  readonly polledAtMs: number;
}

/**
 * What the poller does with the records that wait.
 *
 * - `idle`: nothing waits.
 * - `wait`: the batch is not full; look again when more records have come, or at `untilMs`.
 * - `close`: invoke the function with the first records of each queue, as many as `taken` says (in the order of the
 *   queues given, none for a queue that has no part in the batch).
 * - `refuse`: the record at the head of queue `queue` fits no invocation; it is never delivered (AWS:
 *   `MaximumPayloadSizeExceeded`).
 */
export type BatchDecision =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'close'; readonly by: 'batchSize' | 'payload' | 'window'; readonly taken: readonly number[] }
  | { readonly kind: 'refuse'; readonly queue: number };

/**
 * Decides whether a batch closes: by size, by payload or by window, whichever comes first.
 *
 * `queues` are the topic-partitions that have no batch in flight, each in offset order. They take turns, so that a long
 * queue does not starve the others. The window is counted from when the oldest record of them was polled.
 * Source: developer guide, "Batching behavior" of event source mappings.
 */
export function decideBatch(
  queues: readonly (readonly WaitingRecord[])[],
  settings: Pick<ResolvedSettings, 'batchSize' | 'batchingWindowMs'>,
  shape: EventShape,
  nowMs: number,
): BatchDecision {
  const taken = queues.map(() => 0);
  const open = new Set(queues.keys());
  let oldestMs = Number.POSITIVE_INFINITY;
  let count = 0;
  let bytes = emptyEventBytes(shape);
  let full: 'batchSize' | 'payload' | undefined;
  while (open.size > 0 && full === undefined) {
    for (const queue of open) {
      const position = taken[queue] ?? 0;
      const record = queues[queue]?.[position];
      if (record === undefined) {
        open.delete(queue);
        continue;
      }
      if (count === settings.batchSize) {
        full = 'batchSize';
        break;
      }
      const more = record.jsonBytes + (position === 0 ? partitionBytes(record) : ','.length);
      if (bytes + more > maximumPayloadBytes) {
        if (position === 0 && !fitsAlone(record, shape)) {
          return { kind: 'refuse', queue };
        }
        full = 'payload';
        break;
      }
      taken[queue] = position + 1;
      count += 1;
      bytes += more;
      oldestMs = Math.min(oldestMs, record.polledAtMs);
    }
  }
  if (count === 0) {
    return { kind: 'idle' };
  }
  if (full !== undefined || count === settings.batchSize) {
    return { kind: 'close', by: full ?? 'batchSize', taken };
  }
  const untilMs = oldestMs + settings.batchingWindowMs;
  return nowMs >= untilMs ? { kind: 'close', by: 'window', taken } : { kind: 'wait', untilMs };
}

/** Whether an event with nothing but this record keeps the limit. */
function fitsAlone(record: EventRecord, shape: EventShape): boolean {
  return emptyEventBytes(shape) + partitionBytes(record) + record.jsonBytes <= maximumPayloadBytes;
}

/** The taken records by topic-partition, as the event lists them. */
export function takenRecords<R extends EventRecord>(
  queues: readonly (readonly R[])[],
  taken: readonly number[],
): Map<string, readonly R[]> {
  const records = new Map<string, readonly R[]>();
  for (const [queue, waiting] of queues.entries()) {
    const [first, ...rest] = waiting.slice(0, taken[queue] ?? 0);
    if (first !== undefined) {
      records.set(topicPartition(first), [first, ...rest]);
    }
  }
  return records;
}
