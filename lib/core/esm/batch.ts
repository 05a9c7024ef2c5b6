import type { Coordinates } from '../coordinates.ts';

/** The part of a batch that one topic-partition has: never empty, in offset order, from its first delivery to its end. */
export interface BatchPart<R extends Coordinates> {
  readonly records: readonly R[];
  /** Offsets that are neither done nor dropped yet. */
  readonly undone: ReadonlySet<number>;
}

/** A batch in flight. A topic-partition has at most one at a time, so its retries come before its next records. */
export interface Batch<R extends Coordinates> {
  /** Invocations of the function with records of this batch that have failed. */
  readonly failedTries: number;
  /** By `<topic>-<partition>`. */
  readonly parts: ReadonlyMap<string, BatchPart<R>>;
}

/** A batch that was not delivered yet. */
export function newBatch<R extends Coordinates>(records: ReadonlyMap<string, readonly R[]>): Batch<R> {
  const parts = new Map<string, BatchPart<R>>();
  for (const [partition, list] of records) {
    parts.set(partition, { records: list, undone: new Set(list.map(({ offset }) => offset)) });
  }
  return { failedTries: 0, parts };
}

/** How many records the next delivery of the batch carries. */
export function undoneRecords<R extends Coordinates>(batch: Batch<R>): number {
  return [...batch.parts.values()].reduce((sum, { undone }) => sum + undone.size, 0);
}

/** The records that the next delivery of the batch carries, by topic-partition. */
export function toDeliver<R extends Coordinates>(batch: Batch<R>): Map<string, readonly R[]> {
  const records = new Map<string, readonly R[]>();
  for (const [partition, part] of batch.parts) {
    records.set(
      partition,
      part.records.filter(({ offset }) => part.undone.has(offset)),
    );
  }
  return records;
}

/** The offsets that the next delivery of the batch carries, by topic-partition. */
export function offsetsToDeliver<R extends Coordinates>(batch: Batch<R>): Map<string, ReadonlySet<number>> {
  return new Map(Array.from(batch.parts, ([partition, part]) => [partition, part.undone]));
}

/**
 * The offset that may be committed for a part: one past the last record before which, itself included, nothing is undone.
 * `undefined` while its first record is undone.
 */
export function committableOffset<R extends Coordinates>(part: BatchPart<R>): number | undefined {
  let committable: number | undefined;
  for (const { offset } of part.records) {
    if (part.undone.has(offset)) {
      break;
    }
    committable = offset + 1;
  }
  return committable;
}

/** The batch without the topic-partitions that went to another member of the consumer group. */
export function withoutParts<R extends Coordinates>(batch: Batch<R>, lost: readonly string[]): Batch<R> {
  if (lost.length === 0) {
    return batch;
  }
  return { ...batch, parts: new Map([...batch.parts].filter(([partition]) => !lost.includes(partition))) };
}
