import type { Clock } from '../../ports/clock.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { RecordSource } from './record-source.ts';
import type { RetryDelay } from './retry-delay.ts';
import type { Signal } from './signal.ts';

/** What an assignment needs. */
export interface AssignmentOptions {
  readonly source: Pick<RecordSource, 'assigned' | 'startOffsets'>;
  readonly clock: Clock;
  readonly retryDelayMs: RetryDelay;
  readonly stopping: Signal;
  readonly isStopping: () => boolean;
  /** Called when a partition has gone to another member, before anything else happens. */
  readonly onReleased: (partition: number) => void;
  /** Called when each partition that is assigned has its queue. */
  readonly onTaken: (partitions: readonly number[]) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * The queues of the partitions that the consumer group has given to this member.
 *
 * A partition's queue object lives from its assignment to its revocation; a batch holds on to the object, so what comes
 * of a batch whose partition has gone is told from `owned` and neither committed nor delivered again.
 */
export class Assignment {
  readonly #options: AssignmentOptions;
  readonly #queues = new Map<number, PartitionQueue>();
  #taken: Promise<void> = Promise.resolve();
  #rebalances = 0;

  constructor(options: AssignmentOptions) {
    this.#options = options;
  }

  get queues(): readonly PartitionQueue[] {
    return [...this.#queues.values()];
  }

  /** Resolves when the partitions of every rebalance so far have their queues. */
  get taken(): Promise<void> {
    return this.#taken;
  }

  queueOf(partition: number): PartitionQueue | undefined {
    return this.#queues.get(partition);
  }

  /**
   * Follows a rebalance: everything but `kept` is released before it returns, and what is assigned is taken when it
   * resolves.
   */
  follow(kept: readonly number[]): Promise<void> {
    this.#rebalances += 1;
    this.#release(kept);
    this.#taken = this.#taken.then(() => this.#take());
    return this.#taken;
  }

  /** The offsets that this member may commit, by partition: those of queues whose partition it still has. */
  committable(offsets: ReadonlyMap<PartitionQueue, number>): Map<number, number> {
    const owned = [...offsets].filter(([queue]) => queue.owned);
    return new Map(owned.map(([{ partition }, offset]) => [partition, offset]));
  }

  /** Gives up the queues of partitions that have gone; at once, before anything more is committed. */
  #release(kept: readonly number[]): void {
    for (const queue of this.#queues.values()) {
      if (!kept.includes(queue.partition)) {
        queue.owned = false;
        this.#queues.delete(queue.partition);
        this.#options.onReleased(queue.partition);
      }
    }
  }

  /**
   * Makes queues for the partitions that are new, each at its start offset; tried until it succeeds.
   *
   * A start offset is good until the next rebalance only: a partition may go meanwhile, be read on by another member and
   * come back.
   */
  async #take(): Promise<void> {
    const { source, clock, retryDelayMs, stopping, isStopping } = this.#options;
    for (let failures = 0; !isStopping(); failures += 1) {
      try {
        const rebalances = this.#rebalances;
        const starts = await source.startOffsets(source.assigned.filter((partition) => !this.#queues.has(partition)));
        if (rebalances !== this.#rebalances) {
          // The rebalance since then takes what is assigned now.
          return;
        }
        for (const [partition, offset] of starts) {
          this.#queues.set(partition, new PartitionQueue(partition, offset));
        }
        this.#options.onTaken([...source.assigned]);
        return;
      } catch (error) {
        this.#options.onTrouble(error);
        await stopping.wait(clock, stopping.raised, clock.nowMs() + retryDelayMs(failures));
      }
    }
  }
}
