import { formatCoordinates, topicPartition } from '../../core/coordinates.ts';
import { type InvocationResult, judge } from '../../core/esm/answer.ts';
import {
  type Batch,
  newBatch,
  offsetsToDeliver,
  toDeliver,
  undoneRecords,
  withoutParts,
} from '../../core/esm/batch.ts';
import { decideBatch, takenRecords, type WaitingRecord } from '../../core/esm/batching.ts';
import { type EventShape, eventJson } from '../../core/esm/event.ts';
import { type PartialResponseReading, planAfter } from '../../core/esm/retry.ts';
import type { ResolvedSettings } from '../../core/esm/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MappingCounters } from './mapping-counters.ts';
import type { MappingEvent } from './mapping-events.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { RetryDelay } from './retry-delay.ts';
import { Signal } from './signal.ts';

/** What the pollers of a mapping share. */
export interface PollerOptions {
  readonly index: number;
  readonly topic: string;
  readonly settings: ResolvedSettings;
  readonly partialResponseReading: PartialResponseReading;
  readonly shape: EventShape;
  readonly clock: Clock;
  readonly retryDelayMs: RetryDelay;
  readonly counters: MappingCounters;
  /** The queues of this poller's partitions, those of other pollers left out. */
  readonly queues: () => readonly PartitionQueue[];
  readonly invoke: (payload: string) => Promise<InvocationResult>;
  readonly commit: (offsets: ReadonlyMap<PartitionQueue, number>) => Promise<void>;
  readonly onEvent: (event: MappingEvent) => void;
  /** Called when records have left the queues or are done. */
  readonly onProgress: () => void;
}

/** A batch whose next delivery waits. */
interface Retry {
  readonly batch: Batch<WaitingRecord>;
  readonly queues: ReadonlyMap<string, PartitionQueue>;
  readonly dueAtMs: number;
  readonly throttles: number;
}

/**
 * Carries the records of its partitions to the function, one invocation at a time.
 *
 * Each turn does one thing: a retry that is due, or else a new batch of the partitions that have none in flight, or else
 * it waits. What to do is decided by the rules in `core/esm`; here is only the doing.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #changed = new Signal();
  readonly #retries = new Set<Retry>();
  #stopping = false;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Looks again at its queues. */
  wake(): void {
    this.#changed.raise();
  }

  /** Lets `run` end after the invocation under way. Retries that wait stay undone and uncommitted. */
  stop(): void {
    this.#stopping = true;
    this.#changed.raise();
  }

  async run(): Promise<void> {
    while (!this.#stopping) {
      const seen = this.#changed.raised;
      const waitUntilMs = await this.#turn();
      if (waitUntilMs !== 'again' && !this.#stopping) {
        await this.#changed.wait(this.#options.clock, seen, waitUntilMs);
      }
    }
  }

  /** Does the next thing; if there is none, says until when to wait. */
  async #turn(): Promise<number | undefined | 'again'> {
    const { clock, settings, shape } = this.#options;
    const nowMs = clock.nowMs();
    const retry = this.#firstRetry();
    if (retry !== undefined && retry.dueAtMs <= nowMs) {
      this.#retries.delete(retry);
      await this.#deliver(retry);
      return 'again';
    }
    const queues = this.#options.queues().filter(({ inFlight }) => !inFlight);
    const waiting = queues.map((queue) => queue.waiting);
    const decision = decideBatch(waiting, settings, shape, nowMs);
    switch (decision.kind) {
      case 'idle':
        return retry?.dueAtMs;
      case 'wait':
        return Math.min(decision.untilMs, retry?.dueAtMs ?? Number.POSITIVE_INFINITY);
      case 'refuse': {
        const queue = queues[decision.queue];
        if (queue !== undefined) {
          await this.#refuse(queue);
        }
        return 'again';
      }
      case 'close': {
        const batch = newBatch(takenRecords(waiting, decision.taken));
        const parts = new Map<string, PartitionQueue>();
        for (const [index, queue] of queues.entries()) {
          const count = decision.taken[index] ?? 0;
          if (count > 0) {
            queue.take(count);
            parts.set(this.#name(queue), queue);
          }
        }
        this.#options.onProgress();
        await this.#deliver({ batch, queues: parts, dueAtMs: nowMs, throttles: 0 });
        return 'again';
      }
    }
  }

  async #deliver(delivery: Retry): Promise<void> {
    const { index, shape, settings, clock, counters, onEvent } = this.#options;
    const lost = [...delivery.queues].filter(([, { owned }]) => !owned).map(([name]) => name);
    const batch = withoutParts(delivery.batch, lost);
    const records = toDeliver(batch);
    const count = undoneRecords(batch);
    if (count === 0) {
      return;
    }
    const again = batch.failedTries > 0;
    const payload = eventJson(records, shape, again ? 'again' : 'first');
    onEvent({
      kind: 'invoking',
      poller: index,
      topicPartitions: [...records.keys()],
      records: count,
      payloadBytes: Buffer.byteLength(payload),
      failedTries: batch.failedTries,
    });
    const result = await this.#options.invoke(payload);
    const verdict = judge(result, offsetsToDeliver(batch), settings);
    const plan = planAfter(batch, verdict, {
      maximumRetryAttempts: settings.maximumRetryAttempts,
      partialResponseReading: this.#options.partialResponseReading,
    });
    const undone = plan.retry === undefined ? 0 : undoneRecords(plan.retry);
    counters.answered(verdict, { records: count, again, undone: undone + plan.dropped.length });
    onEvent({ kind: 'answered', poller: index, records: count, verdict });
    this.#drop('retriesExhausted', plan.dropped);
    const commits = new Map<PartitionQueue, number>();
    for (const [name, offset] of plan.commits) {
      const queue = delivery.queues.get(name);
      if (queue !== undefined) {
        commits.set(queue, offset);
      }
    }
    await this.#options.commit(commits);
    for (const [name, queue] of delivery.queues) {
      const part = plan.retry?.parts.get(name);
      queue.left(part?.records.find(({ offset }) => part.undone.has(offset))?.offset);
    }
    const { retry } = plan;
    if (retry !== undefined) {
      // A partition that is done may have another batch in flight by then.
      const queues = new Map([...delivery.queues].filter(([name]) => retry.parts.has(name)));
      const throttles = verdict.kind === 'notInvoked' ? delivery.throttles + 1 : 0;
      const failures = throttles > 0 ? throttles - 1 : retry.failedTries - 1;
      const dueAtMs = clock.nowMs() + this.#options.retryDelayMs(failures);
      this.#retries.add({ batch: retry, queues, dueAtMs, throttles });
    }
    this.#options.onProgress();
  }

  /** Passes over the first record of a queue because no invocation can hold it. */
  async #refuse(queue: PartitionQueue): Promise<void> {
    const refused = queue.take(1);
    this.#drop('payloadTooLarge', refused);
    await this.#options.commit(new Map(refused.map(({ offset }) => [queue, offset + 1])));
    queue.left(undefined);
    this.#options.onProgress();
  }

  #drop(because: 'retriesExhausted' | 'payloadTooLarge', records: readonly WaitingRecord[]): void {
    if (records.length > 0) {
      this.#options.counters.dropped(records.length);
      this.#options.onEvent({ kind: 'dropped', because, records: records.map(formatCoordinates) });
    }
  }

  #firstRetry(): Retry | undefined {
    return [...this.#retries].reduce<Retry | undefined>(
      (first, retry) => (first === undefined || retry.dueAtMs < first.dueAtMs ? retry : first),
      undefined,
    );
  }

  #name({ partition }: PartitionQueue): string {
    return topicPartition({ topic: this.#options.topic, partition });
  }
}
