import { maximumPayloadBytes, type WaitingRecord } from '../../core/esm/batching.ts';
import { type EventShape, eventRecord } from '../../core/esm/event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Assignment } from './assignment.ts';
import { mentions } from './kafka-errors.ts';
import type { FetchedRecords, RecordSource } from './record-source.ts';
import type { RetryDelay } from './retry-delay.ts';
import type { Signal } from './signal.ts';

/** What a fetch loop needs. */
export interface FetchLoopOptions {
  readonly source: Pick<RecordSource, 'fetch' | 'validPositions'>;
  readonly assignment: Pick<Assignment, 'queues' | 'queueOf'>;
  /** The poller of a partition; the partitions of one share its room for waiting records. */
  readonly pollerOf: (partition: number) => number;
  readonly shape: EventShape;
  readonly clock: Clock;
  readonly retryDelayMs: RetryDelay;
  /** Raised when records have left a queue or a queue was made. */
  readonly progress: Signal;
  readonly stopping: Signal;
  readonly isStopping: () => boolean;
  /** Called when records of a partition were enqueued. */
  readonly onPolled: (partition: number, records: number) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** A poller reads on while fewer bytes wait for it: two payloads, so that one is gathered while another is handled. */
const waitingBytesPerPoller: number = 2 * maximumPayloadBytes;

/** Reads Kafka into the queues of the assigned partitions, as far as they have room. */
export class FetchLoop {
  readonly #options: FetchLoopOptions;

  constructor(options: FetchLoopOptions) {
    this.#options = options;
  }

  /** Resolves when the mapping stops and the fetch under way has ended. */
  async run(): Promise<void> {
    const { source, clock, retryDelayMs, progress, stopping, isStopping, onTrouble } = this.#options;
    let failures = 0;
    while (!isStopping()) {
      const positions = this.#positions();
      if (positions.size === 0) {
        await progress.wait(clock, progress.raised);
        continue;
      }
      try {
        const fetched = await source.fetch(positions);
        failures = 0;
        this.#enqueue(fetched, positions);
      } catch (error) {
        onTrouble(error);
        await stopping.wait(clock, stopping.raised, clock.nowMs() + retryDelayMs(failures));
        failures += 1;
        await this.#repair(positions, error);
      }
    }
  }

  /** The positions of the partitions whose records have room to wait. */
  #positions(): Map<number, number> {
    const { assignment, pollerOf } = this.#options;
    const positions = new Map<number, number>();
    for (const queues of Map.groupBy(assignment.queues, ({ partition }) => pollerOf(partition)).values()) {
      const waitingBytes = queues.reduce((sum, queue) => sum + queue.waitingBytes, 0);
      for (const { partition, waiting, nextOffset } of queues) {
        if (waitingBytes < waitingBytesPerPoller || waiting.length === 0) {
          positions.set(partition, nextOffset);
        }
      }
    }
    return positions;
  }

  #enqueue(fetched: readonly FetchedRecords[], positions: ReadonlyMap<number, number>): void {
    const { assignment, shape, clock, onPolled } = this.#options;
    const polledAtMs = clock.nowMs();
    for (const { partition, records, nextOffset } of fetched) {
      const queue = assignment.queueOf(partition);
      // The partition may have gone, and come back at another position, while the fetch was under way.
      if (queue !== undefined && queue.nextOffset === positions.get(partition) && nextOffset > queue.nextOffset) {
        queue.push(
          records.map((record): WaitingRecord => ({ ...eventRecord(record, shape), polledAtMs })),
          nextOffset,
        );
        onPolled(partition, records.length);
      }
    }
  }

  /** Moves positions that the topic does not have (records expired or were deleted) to where there are records. */
  async #repair(positions: ReadonlyMap<number, number>, error: unknown): Promise<void> {
    const { source, assignment, onTrouble } = this.#options;
    if (!mentions(error, 'OFFSET_OUT_OF_RANGE')) {
      return;
    }
    try {
      for (const [partition, offset] of await source.validPositions(positions)) {
        const queue = assignment.queueOf(partition);
        if (queue !== undefined && queue.nextOffset === positions.get(partition)) {
          queue.nextOffset = offset;
        }
      }
    } catch (cause) {
      onTrouble(cause);
    }
  }
}
