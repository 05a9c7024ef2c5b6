import { MemoryStore, type MemoryStoreOptions } from '../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { text } from '../../lib/core/decode/text.ts';
import { UndoneRecordsError } from '../../lib/core/errors/errors.ts';
import type { KafkaRecord } from '../../lib/core/record.ts';
import type { HandlerContext } from '../../lib/handler/handler-context.ts';
import type { ClaimOptions } from '../../lib/handler/handler-options.ts';
import { kafkaHandler } from '../../lib/handler/kafka-handler.ts';
import type { KafkaLambdaHandler } from '../../lib/handler/lambda-handler.ts';
import type { Observation } from '../../lib/ports/observer.ts';
import { FakeClock } from '../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';
import type { MortalProcess } from './mortal-process.ts';

/** A record for the bench: `id` is its business ID, made part of its JSON value. */
export interface BenchRecord {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset: number;
  readonly id?: unknown;
  readonly timestamp?: number;
  readonly key?: string;
  /** Replaces the JSON value: base64 text, null for a tombstone. */
  readonly rawValue?: unknown;
  /** More of the payload, so that two records of one ID can differ. */
  readonly payload?: unknown;
  readonly headers?: unknown;
}

export type BenchValue = { readonly id?: unknown; readonly payload?: unknown };
export type BenchKafkaRecord = KafkaRecord<unknown, string>;
export type BenchOptions = Partial<ClaimOptions<unknown, string>>;

/** A call of the user's handler. */
export interface Handling {
  readonly at: string;
  readonly id: unknown;
  readonly fence: number | undefined;
  readonly attempts: number | undefined;
  readonly startedAtMs: number;
  endedAtMs?: number;
}

/** What an invocation came to: the undone records as `<topic>-<partition>@<offset>`, or what it threw. */
export type BenchAnswer = { readonly undone: readonly string[] } | { readonly threw: unknown };

export function lambdaEvent(records: readonly BenchRecord[]): { readonly records: Record<string, unknown[]> } {
  const groups: Record<string, unknown[]> = {};
  for (const record of records) {
    const { topic = 'orders', partition = 0, offset, timestamp = 1_700_000_000_000 } = record;
    const name = `${topic}-${partition}`;
    groups[name] ??= [];
    groups[name].push({
      topic,
      partition,
      offset,
      timestamp,
      timestampType: 'CREATE_TIME',
      ...(record.key === undefined ? {} : { key: base64(record.key) }),
      value: record.rawValue === undefined ? base64(JSON.stringify(payloadOf(record))) : record.rawValue,
      headers: record.headers ?? [],
    });
  }
  return { records: groups };
}

function payloadOf({ id, payload }: BenchRecord): BenchValue {
  return { ...(id === undefined ? {} : { id }), ...(payload === undefined ? {} : { payload }) };
}

export function base64(content: string): string {
  return Buffer.from(content).toString('base64');
}

/** Parts that several benches share, or that stand in a bench's way. */
export interface BenchParts {
  readonly clock?: FakeClock;
  readonly store?: MemoryStore;
  /** Benches on one store need seeds of their own. */
  readonly seed?: number;
  /** `none`: the handler has no sink, and `deadLetters` of the bench stays empty. */
  readonly deadLetters?: MemoryDeadLetters | 'none';
  /** The process that the handler runs in, if it may be killed. */
  readonly process?: MortalProcess;
}

/** A handler over a memory store, a memory dead-letter sink and a clock that stands still. */
export class HandlerBench {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly deadLetters: MemoryDeadLetters;
  readonly observations: Observation[] = [];
  readonly handlings: Handling[] = [];
  readonly exits: string[] = [];
  readonly handler: KafkaLambdaHandler;

  constructor(
    handle: (record: BenchKafkaRecord, context: HandlerContext) => unknown,
    options: BenchOptions = {},
    shared: BenchParts = {},
    storeOptions: MemoryStoreOptions = {},
  ) {
    this.clock = shared.clock ?? new FakeClock();
    this.store = shared.store ?? new MemoryStore(storeOptions);
    const hasSink = shared.deadLetters !== 'none';
    this.deadLetters = hasSink && shared.deadLetters !== undefined ? shared.deadLetters : new MemoryDeadLetters();
    const { key, value, ...others } = options;
    this.handler = kafkaHandler<unknown, string>({
      businessId: 'value.id',
      namespace: 'bench',
      store: shared.process?.store ?? this.store,
      ...(hasSink ? { deadLetters: this.deadLetters } : {}),
      observer: { observe: (observation) => this.observations.push(observation), log: () => undefined },
      ports: {
        clock: shared.process?.clock ?? this.clock,
        randomness: new SeededRandomness(shared.seed ?? 1),
        processExit: { exit: (reason) => this.exits.push(reason) },
      },
      ...others,
      key: key ?? text(),
      value: value ?? jsonValue,
      handle: async (record, context) => {
        const handling: Handling = {
          at: at(record),
          id: idOf(record.value),
          fence: context.fence,
          attempts: context.attempts,
          startedAtMs: this.clock.nowMs(),
        };
        this.handlings.push(handling);
        try {
          return await handle(record, context);
        } finally {
          handling.endedAtMs = this.clock.nowMs();
        }
      },
    });
  }

  /** Runs an invocation while the clock moves from timer to timer; pending timers afterwards are a leak. */
  async invoke(records: readonly BenchRecord[], remainingMs: number = 60_000): Promise<BenchAnswer> {
    return await this.invokeEvent(lambdaEvent(records), remainingMs);
  }

  async invokeEvent(event: unknown, remainingMs: number = 60_000): Promise<BenchAnswer> {
    return await this.clock.runUntilSettled(this.start(event, remainingMs));
  }

  /** Starts an invocation without moving the clock. */
  start(event: unknown, remainingMs: number = 60_000): Promise<BenchAnswer> {
    return startInvocation(this.handler, this.clock, event, remainingMs);
  }

  /** The outcomes told to the observer, by record. */
  outcomes(): ReadonlyMap<string, string> {
    const outcomes = new Map<string, string>();
    for (const one of this.observations) {
      if (one.type === 'recordEnded') outcomes.set(at(one.coordinates), one.outcome);
    }
    return outcomes;
  }
}

/** Starts an invocation without moving the clock. */
export function startInvocation(
  handler: KafkaLambdaHandler,
  clock: FakeClock,
  event: unknown,
  remainingMs: number,
): Promise<BenchAnswer> {
  const deadlineMs = clock.nowMs() + remainingMs;
  const context = { getRemainingTimeInMillis: () => deadlineMs - clock.nowMs() };
  return handler(event, context).then(
    ({ batchItemFailures }) => ({
      undone: batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`),
    }),
    (error: unknown) => (error instanceof UndoneRecordsError ? { undone: error.undone } : { threw: error }),
  );
}

export function at(record: { readonly topic: string; readonly partition: number; readonly offset: number }): string {
  return `${record.topic}-${record.partition}@${record.offset}`;
}

export function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}

export const jsonValue = {
  name: 'json',
  decode: (content: Uint8Array): unknown => JSON.parse(Buffer.from(content).toString('utf8')),
};
