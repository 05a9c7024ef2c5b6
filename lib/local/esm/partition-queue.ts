import type { WaitingRecord } from '../../core/esm/batching.ts';

/** Records of one partition between Kafka and the function, for as long as this member of the group has the partition. */
export class PartitionQueue {
  readonly partition: number;
  /** In offset order; the first ones leave when a batch closes. */
  readonly waiting: WaitingRecord[] = [];
  /** Where the next fetch starts. */
  nextOffset: number;
  /** Whether a batch of this partition is in flight or waits for its retry. */
  inFlight = false;
  /** False once a rebalance gave the partition to another member: nothing of it is delivered or committed then. */
  owned = true;
  /** The last offset committed by this member; undefined before its first. */
  committedOffset: number | undefined;
  #waitingBytes = 0;
  #undoneFrom: number | undefined;

  constructor(partition: number, nextOffset: number) {
    this.partition = partition;
    this.nextOffset = nextOffset;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Everything below it is done, dropped or no record. */
  get doneThrough(): number {
    return this.#undoneFrom ?? this.waiting[0]?.offset ?? this.nextOffset;
  }

  push(records: readonly WaitingRecord[], nextOffset: number): void {
    for (const record of records) {
      this.waiting.push(record);
      this.#waitingBytes += record.jsonBytes;
    }
    this.nextOffset = nextOffset;
  }

  /** Takes the first records out for a batch, which is then in flight. */
  take(count: number): readonly WaitingRecord[] {
    const taken = this.waiting.splice(0, count);
    for (const { jsonBytes } of taken) {
      this.#waitingBytes -= jsonBytes;
    }
    this.inFlight = true;
    this.#undoneFrom = taken[0]?.offset;
    return taken;
  }

  /** Notes what a delivery left undone: from this offset on, or nothing, which ends the batch. */
  left(undoneFrom: number | undefined): void {
    this.inFlight = undoneFrom !== undefined;
    this.#undoneFrom = undoneFrom;
  }
}
