import { kafkaHandler } from '../../lib/handler/commit/kafka-handler.ts';
import type {
  MarkManyOptions,
  PositionManyOptions,
  TransactionManyOptions,
} from '../../lib/handler/commit/mode-options.ts';
import type { ManyContext, ManyEffectContext } from '../../lib/handler/handle-many.ts';
import { type EffectHandle, ModeBench, type ModeBenchParts } from './effect-bench.ts';
import type { BenchKafkaRecord } from './handler-bench.ts';

export type HandleMany = (records: readonly BenchKafkaRecord[], context: ManyEffectContext<unknown, string>) => unknown;

export function transactionManyBench(
  handleMany: HandleMany,
  options: Partial<TransactionManyOptions<unknown, string>> = {},
  shared: ModeBenchParts = {},
): ModeBench {
  return new ModeBench(
    (made) =>
      kafkaHandler<unknown, string>({
        businessId: 'value.id',
        ...options,
        ...made,
        mode: 'transaction',
        handleMany,
      }),
    shared,
  );
}

export function positionManyBench(
  handleMany: HandleMany,
  options: Partial<PositionManyOptions<unknown, string>> = {},
  shared: ModeBenchParts = {},
): ModeBench {
  return new ModeBench(
    (made) => kafkaHandler<unknown, string>({ ...options, ...made, mode: 'position', handleMany }),
    shared,
  );
}

export function markManyBench(
  handleMany: (records: readonly BenchKafkaRecord[], context: ManyContext<unknown, string>) => unknown,
  options: Partial<MarkManyOptions<unknown, string>> = {},
  shared: ModeBenchParts = {},
): ModeBench {
  return new ModeBench(
    (made) => kafkaHandler<unknown, string>({ businessId: 'value.id', ...options, ...made, mode: 'mark', handleMany }),
    shared,
  );
}

/** The same handler for many records: what it throws for one fails that one. */
export function asMany(handle: EffectHandle): HandleMany {
  return async (records, { effects, fail, idempotencyKey, attempts, ...given }) => {
    for (const record of records) {
      const context = { ...given, effects: effects(record), idempotencyKey: idempotencyKey(record) };
      try {
        await handle(record, { ...context, attempts: attempts(record) });
      } catch (error) {
        fail(record, error);
      }
    }
  };
}
