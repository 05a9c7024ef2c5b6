import type { PolledRecord } from '../../core/esm/event.ts';

/** What one fetch brought for a partition. */
export interface FetchedRecords {
  readonly partition: number;
  readonly records: readonly PolledRecord[];
  /** Where the next fetch of the partition starts: past the records and past what Kafka keeps among them for itself. */
  readonly nextOffset: number;
}

/** What a source tells of itself. */
export interface SourceListener {
  /**
   * Called at each rebalance. Those of the member's partitions that are not among `kept` have gone to another member, or
   * had gone before they came back; `assigned` has what it has from now on.
   */
  readonly onRebalanced: (kept: readonly number[]) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * A member of a consumer group that reads one topic. Partitions stand for themselves, offsets are by partition.
 *
 * Positions are kept by the caller, so that it decides which partitions are read on. Any call may reject; it is the
 * caller that tries again.
 */
export interface RecordSource {
  /** The partitions that this member has. */
  readonly assigned: readonly number[];
  /** Where to begin: at the committed offset, or else at the starting position. */
  startOffsets(partitions: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** One past the last record that may be read of each partition now. */
  endOffsets(partitions: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** Moves positions that the topic no longer has (or does not have yet) to where the group would start. */
  validPositions(positions: ReadonlyMap<number, number>): Promise<ReadonlyMap<number, number>>;
  /** Fetches from these positions; waits a little for records where there are none. */
  fetch(positions: ReadonlyMap<number, number>): Promise<readonly FetchedRecords[]>;
  /**
   * One at a time. Nothing is committed for a partition that goes to another member before the group has answered; then
   * it rejects.
   */
  commit(offsets: ReadonlyMap<number, number>): Promise<void>;
  /** Leaves the group and closes the connections. */
  close(): Promise<void>;
}
