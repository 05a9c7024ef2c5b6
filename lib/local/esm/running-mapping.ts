import { topicPartition } from '../../core/coordinates.ts';
import type { EventShape } from '../../core/esm/event.ts';
import type { PartialResponseReading } from '../../core/esm/retry.ts';
import type { ResolvedSettings } from '../../core/esm/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import { Assignment } from './assignment.ts';
import { Committer } from './committer.ts';
import { FetchLoop } from './fetch-loop.ts';
import type { FunctionInvoker } from './function-invoker.ts';
import { MappingCounters } from './mapping-counters.ts';
import type { MappingEvent, MappingStatus } from './mapping-events.ts';
import { mappingStatus } from './mapping-status.ts';
import { Poller } from './poller.ts';
import type { RecordSource, SourceListener } from './record-source.ts';
import type { RetryDelay } from './retry-delay.ts';
import { Signal } from './signal.ts';

/** Options with their defaults filled in. */
export interface RunningMappingOptions {
  readonly openSource: (listener: SourceListener) => Promise<RecordSource>;
  readonly topic: string;
  readonly function: FunctionInvoker;
  readonly settings: ResolvedSettings;
  readonly pollers: number;
  readonly shape: EventShape;
  readonly partialResponseReading: PartialResponseReading;
  readonly retryDelayMs: RetryDelay;
  readonly clock: Clock;
  readonly onEvent: (event: MappingEvent) => void;
}

const stoppedEarly = 'the event source mapping stopped before everything was done';

/** The parts of a mapping at work: the fetch loop fills the queues of the assigned partitions, the pollers empty them. */
export class RunningMapping {
  readonly #options: RunningMappingOptions;
  readonly #source: RecordSource;
  readonly #counters = new MappingCounters();
  readonly #progress = new Signal();
  readonly #ending = new Signal();
  readonly #assignment: Assignment;
  readonly #committer: Committer;
  readonly #pollers: readonly Poller[];
  readonly #fetching: FetchLoop;
  #loops: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  private constructor(options: RunningMappingOptions, source: RecordSource) {
    const { clock, retryDelayMs, onEvent } = options;
    this.#options = options;
    this.#source = source;
    const common = { clock, retryDelayMs, stopping: this.#ending, isStopping: () => this.#stopping !== undefined };
    this.#committer = new Committer({
      ...common,
      commit: (offsets) => source.commit(offsets),
      onCommitted: (offsets) => this.#committed(offsets),
      onTrouble: (error) => onEvent({ kind: 'trouble', during: 'commit', error }),
    });
    this.#assignment = new Assignment({
      ...common,
      source,
      onReleased: (partition) => {
        this.#committer.forget(partition);
        this.#progress.raise();
      },
      onTaken: (partitions) => {
        onEvent({ kind: 'assigned', partitions });
        this.#progress.raise();
      },
      onTrouble: (error) => onEvent({ kind: 'trouble', during: 'group', error }),
    });
    this.#pollers = Array.from({ length: options.pollers }, (_, index) => this.#newPoller(index));
    this.#fetching = new FetchLoop({
      ...common,
      source,
      assignment: this.#assignment,
      pollerOf: (partition) => this.#pollerOf(partition),
      shape: options.shape,
      progress: this.#progress,
      onPolled: (partition, records) => {
        this.#counters.polled(records);
        this.#pollers[this.#pollerOf(partition)]?.wake();
        this.#progress.raise();
      },
      onTrouble: (error) => onEvent({ kind: 'trouble', during: 'fetch', error }),
    });
  }

  /** Opens the source; resolves when what the group assigned at first has its queues. */
  static async start(options: RunningMappingOptions): Promise<RunningMapping> {
    // What is assigned while it opens is taken below.
    let follow = (_kept: readonly number[]): void => {};
    const source = await options.openSource({
      onRebalanced: (kept) => follow(kept),
      onTrouble: (error) => options.onEvent({ kind: 'trouble', during: 'group', error }),
    });
    const mapping = new RunningMapping(options, source);
    follow = (kept) => void mapping.#assignment.follow(kept);
    await mapping.#assignment.follow([]);
    mapping.#loops = Promise.all([mapping.#fetching.run(), ...mapping.#pollers.map((poller) => poller.run())]);
    return mapping;
  }

  status(): MappingStatus {
    return mappingStatus(this.#options.topic, this.#counters.current, this.#assignment.queues);
  }

  async drained(): Promise<void> {
    await this.#assignment.taken;
    const ends = await this.#endOffsets();
    const behind = (): boolean =>
      this.#assignment.queues.some(({ partition, doneThrough }) => doneThrough < (ends.get(partition) ?? 0));
    while (behind()) {
      if (this.#stopping !== undefined) {
        throw new Error(stoppedEarly);
      }
      await this.#progress.wait(this.#options.clock, this.#progress.raised);
    }
  }

  async #endOffsets(): Promise<ReadonlyMap<number, number>> {
    try {
      return await this.#source.endOffsets(this.#assignment.queues.map(({ partition }) => partition));
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
    await this.#assignment.taken;
    await this.#source.close();
    this.#progress.raise();
  }

  #committed(offsets: ReadonlyMap<number, number>): void {
    const { topic, onEvent } = this.#options;
    const named = new Map<string, number>();
    for (const [partition, offset] of offsets) {
      const queue = this.#assignment.queueOf(partition);
      if (queue !== undefined) {
        queue.committedOffset = offset;
      }
      named.set(topicPartition({ topic, partition }), offset);
    }
    onEvent({ kind: 'committed', offsets: named });
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
      queues: () => this.#assignment.queues.filter(({ partition }) => this.#pollerOf(partition) === index),
      invoke: (payload) => this.#options.function.invoke(payload),
      commit: (offsets) => this.#committer.commit(this.#assignment.committable(offsets)),
      onProgress: () => this.#progress.raise(),
    });
  }

  #pollerOf(partition: number): number {
    return partition % this.#options.pollers;
  }
}
