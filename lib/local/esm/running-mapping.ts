import { topicPartition } from '../../core/coordinates.ts';
import { maximumPayloadBytes, type WaitingRecord } from '../../core/esm/batching.ts';
import { type EventShape, eventRecord } from '../../core/esm/event.ts';
import type { PartialResponseReading } from '../../core/esm/retry.ts';
import type { ResolvedSettings } from '../../core/esm/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import { Committer } from './committer.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { mentions } from './kafka-errors.ts';
import { type FetchedRecords, KafkaSource } from './kafka-source.ts';
import { MappingCounters } from './mapping-counters.ts';
import type { MappingEvent, MappingStatus } from './mapping-events.ts';
import { PartitionQueue } from './partition-queue.ts';
import { Poller } from './poller.ts';
import type { RetryDelay } from './retry-delay.ts';
import { Signal } from './signal.ts';

/** Options with their defaults filled in. */
export interface RunningMappingOptions {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly function: FunctionInvoker;
  readonly settings: ResolvedSettings;
  readonly pollers: number;
  readonly shape: EventShape;
  readonly partialResponseReading: PartialResponseReading;
  readonly retryDelayMs: RetryDelay;
  readonly sessionTimeoutMs: number;
  readonly clock: Clock;
  readonly onEvent: (event: MappingEvent) => void;
}

/** A poller reads on while fewer bytes wait for it: two payloads, so that one is gathered while another is handled. */
const waitingBytesPerPoller: number = 2 * maximumPayloadBytes;

const stoppedEarly = 'the event source mapping stopped before everything was done';

/**
 * The parts of a mapping at work: one loop fetches into the queues of the assigned partitions, the pollers empty them.
 *
 * A partition's queue object lives from its assignment to its revocation; a batch holds on to the object, so what comes
 * of a batch whose partition has gone is told from `owned` and neither committed nor delivered again.
 */
export class RunningMapping {
  readonly #options: RunningMappingOptions;
  readonly #counters = new MappingCounters();
  readonly #queues = new Map<number, PartitionQueue>();
  readonly #pollers: readonly Poller[];
  readonly #committer: Committer;
  readonly #progress = new Signal();
  readonly #ending = new Signal();
  #assignment: Promise<void> = Promise.resolve();
  #source: KafkaSource | undefined;
  #loops: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(options: RunningMappingOptions) {
    this.#options = options;
    this.#pollers = Array.from({ length: options.pollers }, (_, index) => this.#newPoller(index));
    this.#committer = new Committer({
      commit: (offsets) => this.#openSource().commit(offsets),
      clock: options.clock,
      retryDelayMs: options.retryDelayMs,
      stopping: this.#ending,
      isStopping: () => this.#stopping !== undefined,
      onCommitted: (offsets) => this.#committed(offsets),
      onTrouble: (error) => options.onEvent({ kind: 'trouble', during: 'commit', error }),
    });
  }

  async start(): Promise<void> {
    const { brokers, topic, consumerGroupId, settings, sessionTimeoutMs, onEvent } = this.#options;
    this.#source = await KafkaSource.open({
      brokers,
      topic,
      consumerGroupId,
      sessionTimeoutMs,
      startingPosition: settings.startingPosition,
      onAssigned: (partitions) => {
        this.#release(partitions);
        this.#assignment = this.#assignment.then(() => this.#take());
      },
      onTrouble: (error) => onEvent({ kind: 'trouble', during: 'group', error }),
    });
    await this.#take();
    this.#loops = Promise.all([this.#fetchLoop(), ...this.#pollers.map((poller) => poller.run())]);
  }

  status(): MappingStatus {
    const queues = [...this.#queues.values()];
    const committed = queues.flatMap(({ partition, committedOffset }): [string, number][] =>
      committedOffset === undefined
        ? []
        : [[topicPartition({ topic: this.#options.topic, partition }), committedOffset]],
    );
    return {
      ...this.#counters.current,
      committedOffsets: new Map(committed),
      assignedPartitions: queues.map(({ partition }) => partition),
      waitingRecords: queues.reduce((sum, { waiting }) => sum + waiting.length, 0),
    };
  }

  async drained(): Promise<void> {
    await this.#assignment;
    const ends = await this.#endOffsets();
    const behind = (): boolean =>
      [...this.#queues.values()].some(({ partition, doneThrough }) => doneThrough < (ends.get(partition) ?? 0));
    while (behind()) {
      if (this.#stopping !== undefined) {
        throw new Error(stoppedEarly);
      }
      await this.#progress.wait(this.#options.clock, this.#progress.raised);
    }
  }

  async #endOffsets(): Promise<ReadonlyMap<number, number>> {
    try {
      return await this.#openSource().endOffsets([...this.#queues.keys()]);
    } catch (cause) {
      throw this.#stopping === undefined ? cause : new Error(stoppedEarly, { cause });
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    for (const poller of this.#pollers) {
      poller.stop();
    }
    this.#ending.raise();
    this.#progress.raise();
    await this.#loops;
    await this.#assignment;
    await this.#openSource().close();
    this.#progress.raise();
  }

  /** Gives up the queues of partitions that are no longer assigned; at once, before anything more is committed. */
  #release(assigned: readonly number[]): void {
    for (const queue of this.#queues.values()) {
      if (!assigned.includes(queue.partition)) {
        queue.owned = false;
        this.#queues.delete(queue.partition);
        this.#committer.forget(queue.partition);
      }
    }
    this.#progress.raise();
  }

  /** Makes queues for the partitions that are new, each at its start offset; tried until it succeeds. */
  async #take(): Promise<void> {
    const { clock, onEvent, retryDelayMs } = this.#options;
    for (let failures = 0; this.#source !== undefined && this.#stopping === undefined; failures += 1) {
      const source = this.#source;
      try {
        const starts = await source.startOffsets(source.assigned.filter((partition) => !this.#queues.has(partition)));
        for (const [partition, offset] of starts) {
          if (source.assigned.includes(partition) && !this.#queues.has(partition)) {
            this.#queues.set(partition, new PartitionQueue(partition, offset));
          }
        }
        onEvent({ kind: 'assigned', partitions: [...source.assigned] });
        this.#progress.raise();
        return;
      } catch (error) {
        onEvent({ kind: 'trouble', during: 'group', error });
        await this.#ending.wait(clock, this.#ending.raised, clock.nowMs() + retryDelayMs(failures));
      }
    }
  }

  async #fetchLoop(): Promise<void> {
    const { clock, onEvent, retryDelayMs } = this.#options;
    let failures = 0;
    while (this.#stopping === undefined) {
      const positions = this.#positions();
      if (positions.size === 0) {
        await this.#progress.wait(clock, this.#progress.raised);
        continue;
      }
      try {
        const fetched = await this.#openSource().fetch(positions);
        failures = 0;
        this.#enqueue(fetched, positions);
      } catch (error) {
        onEvent({ kind: 'trouble', during: 'fetch', error });
        await this.#ending.wait(clock, this.#ending.raised, clock.nowMs() + retryDelayMs(failures));
        failures += 1;
        await this.#repair(positions, error);
      }
    }
  }

  /** The positions of the partitions whose records have room to wait. */
  #positions(): Map<number, number> {
    const positions = new Map<number, number>();
    for (const [index] of this.#pollers.entries()) {
      const queues = this.#queuesOf(index);
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
    const { shape, clock, pollers } = this.#options;
    const polledAtMs = clock.nowMs();
    for (const { partition, records, nextOffset } of fetched) {
      const queue = this.#queues.get(partition);
      // The partition may have gone, and come back at another position, while the fetch was under way.
      if (queue !== undefined && queue.nextOffset === positions.get(partition) && nextOffset > queue.nextOffset) {
        queue.push(
          records.map((record): WaitingRecord => ({ ...eventRecord(record, shape), polledAtMs })),
          nextOffset,
        );
        this.#counters.polled(records.length);
        this.#pollers[partition % pollers]?.wake();
        this.#progress.raise();
      }
    }
  }

  async #repair(positions: ReadonlyMap<number, number>, error: unknown): Promise<void> {
    if (!mentions(error, 'OFFSET_OUT_OF_RANGE')) {
      return;
    }
    try {
      for (const [partition, offset] of await this.#openSource().validPositions(positions)) {
        const queue = this.#queues.get(partition);
        if (queue !== undefined && queue.nextOffset === positions.get(partition)) {
          queue.nextOffset = offset;
        }
      }
    } catch (cause) {
      this.#options.onEvent({ kind: 'trouble', during: 'fetch', error: cause });
    }
  }

  #committed(offsets: ReadonlyMap<number, number>): void {
    const { topic, onEvent } = this.#options;
    const named = new Map<string, number>();
    for (const [partition, offset] of offsets) {
      const queue = this.#queues.get(partition);
      if (queue !== undefined) {
        queue.committedOffset = offset;
      }
      named.set(topicPartition({ topic, partition }), offset);
    }
    onEvent({ kind: 'committed', offsets: named });
  }

  async #commit(offsets: ReadonlyMap<PartitionQueue, number>): Promise<void> {
    const owned = [...offsets].filter(([queue]) => queue.owned);
    await this.#committer.commit(new Map(owned.map(([{ partition }, offset]) => [partition, offset])));
  }

  #newPoller(index: number): Poller {
    const { topic, settings, partialResponseReading, shape, clock, retryDelayMs, onEvent } = this.#options;
    return new Poller({
      index,
      topic,
      settings,
      partialResponseReading,
      shape,
      clock,
      retryDelayMs,
      onEvent,
      counters: this.#counters,
      queues: () => this.#queuesOf(index),
      invoke: (payload) => this.#options.function.invoke(payload),
      commit: (offsets) => this.#commit(offsets),
      onProgress: () => this.#progress.raise(),
    });
  }

  #queuesOf(poller: number): readonly PartitionQueue[] {
    return [...this.#queues.values()].filter(({ partition }) => partition % this.#options.pollers === poller);
  }

  #openSource(): KafkaSource {
    if (this.#source === undefined) {
      throw new Error('the event source mapping is not started');
    }
    return this.#source;
  }
}
