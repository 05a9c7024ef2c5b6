import { MemoryStore, type MemoryStoreOptions } from '../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { text } from '../../lib/core/decode/text.ts';
import { kafkaHandler } from '../../lib/handler/commit/kafka-handler.ts';
import type { MarkOptions, PositionOptions, TransactionOptions } from '../../lib/handler/commit/mode-options.ts';
import type { EffectContext, RecordContext } from '../../lib/handler/handler-context.ts';
import type { CommonOptions } from '../../lib/handler/handler-options.ts';
import type { KafkaLambdaHandler } from '../../lib/handler/lambda-handler.ts';
import type { TransactionalStore } from '../../lib/ports/commit-store.ts';
import type { Observation } from '../../lib/ports/observer.ts';
import { FakeClock } from '../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';
import {
  at,
  type BenchAnswer,
  type BenchKafkaRecord,
  type BenchRecord,
  jsonValue,
  lambdaEvent,
  startInvocation,
} from './handler-bench.ts';
import type { MortalProcess } from './mortal-process.ts';

/** The table that handlers of the bench write to; its key is `id`. */
export const ledger = 'Ledger';

export type EffectHandle = (record: BenchKafkaRecord, context: EffectContext) => unknown;

/** Parts that several benches share, or that stand in a bench's way. */
export interface ModeBenchParts {
  readonly clock?: FakeClock;
  readonly store?: MemoryStore;
  readonly seed?: number;
  readonly deadLetters?: MemoryDeadLetters | 'none';
  /** The process that the handler runs in, where it can be killed. */
  readonly process?: MortalProcess;
}

type Made = Required<Pick<CommonOptions<unknown, string>, 'namespace' | 'observer' | 'ports' | 'key' | 'value'>> &
  Pick<CommonOptions<unknown, string>, 'deadLetters'> & { readonly store: TransactionalStore };

/** A handler of a mode without claims over a memory store with one table, a memory sink and a clock that stands still. */
export class ModeBench {
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly deadLetters: MemoryDeadLetters;
  readonly observations: Observation[] = [];
  readonly handler: KafkaLambdaHandler;

  constructor(make: (made: Made) => KafkaLambdaHandler, shared: ModeBenchParts) {
    this.clock = shared.clock ?? new FakeClock();
    this.store = shared.store ?? ledgerStore();
    const { deadLetters = new MemoryDeadLetters() } = shared;
    this.deadLetters = deadLetters === 'none' ? new MemoryDeadLetters() : deadLetters;
    this.handler = make({
      namespace: 'bench',
      store: shared.process?.reaching(this.store) ?? this.store,
      ...(deadLetters === 'none' ? {} : { deadLetters }),
      observer: { observe: (observation) => this.observations.push(observation), log: () => undefined },
      ports: {
        clock: shared.process?.clock ?? this.clock,
        randomness: new SeededRandomness(shared.seed ?? 1),
        processExit: { exit: () => undefined },
      },
      key: text(),
      value: jsonValue,
    });
  }

  /** Runs an invocation while the clock moves from timer to timer. */
  async invoke(records: readonly BenchRecord[], remainingMs: number = 60_000): Promise<BenchAnswer> {
    return await this.clock.runUntilSettled(this.start(records, remainingMs));
  }

  /** Starts an invocation without moving the clock. */
  start(records: readonly BenchRecord[], remainingMs: number = 60_000): Promise<BenchAnswer> {
    return startInvocation(this.handler, this.clock, lambdaEvent(records), remainingMs);
  }

  /** The outcomes told to the observer, by record. */
  outcomes(): Readonly<Record<string, string>> {
    const ended = this.observations.flatMap((one) => (one.type === 'recordEnded' ? [one] : []));
    return Object.fromEntries(ended.map((one) => [at(one.coordinates), one.outcome]));
  }

  /** What is in the table: how often each item was added to. */
  counts(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.store.items(ledger).map((item) => [String(item.id), item.count]));
  }
}

export function transactionBench(
  handle: EffectHandle,
  options: Partial<TransactionOptions<unknown, string>> = {},
  shared: ModeBenchParts = {},
): ModeBench {
  return new ModeBench(
    (made) =>
      kafkaHandler<unknown, string>({
        businessId: 'value.id',
        ...made,
        ...options,
        ...made,
        mode: 'transaction',
        handle,
      }),
    shared,
  );
}

export function positionBench(
  handle: EffectHandle,
  options: Partial<PositionOptions<unknown, string>> = {},
  shared: ModeBenchParts = {},
): ModeBench {
  return new ModeBench(
    (made) => kafkaHandler<unknown, string>({ ...options, ...made, mode: 'position', handle }),
    shared,
  );
}

export function markBench(
  handle: (record: BenchKafkaRecord, context: RecordContext) => unknown,
  options: Partial<MarkOptions<unknown, string>> = {},
  shared: ModeBenchParts = {},
): ModeBench {
  return new ModeBench(
    (made) => kafkaHandler<unknown, string>({ businessId: 'value.id', ...options, ...made, mode: 'mark', handle }),
    shared,
  );
}

export function ledgerStore(options: MemoryStoreOptions = {}): MemoryStore {
  return new MemoryStore({ tables: { [ledger]: { partitionKey: 'id' } }, ...options });
}

/** Adds one to the item of a record's place, so that every further effect shows. */
export const addOne: EffectHandle = (record, { effects }) => {
  effects.update({ table: ledger, key: { id: at(record) }, update: { add: { count: 1 } } });
};
