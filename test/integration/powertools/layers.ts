import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { vi } from 'vitest';
import { dynamoDbStore } from '../../../lib/adapters/dynamodb/dynamodb-store.ts';
import { KafkaOncePersistenceLayer } from '../../../lib/powertools/index.ts';

export type Whose = 'ours' | 'theirs';

/** A new layer, as another execution environment would have it, over the same table. */
export function newLayer(whose: Whose, tableName: string, client: DynamoDBClient): BasePersistenceLayer {
  return whose === 'ours'
    ? new KafkaOncePersistenceLayer({ store: dynamoDbStore({ tableName, client }) })
    : new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client });
}

export type IdempotentOptions = Omit<Parameters<typeof makeIdempotent>[1], 'persistenceStore'>;

/** A function under way: `started` resolves when it runs, `ended` settles with its idempotent call. */
export interface UnderWay {
  readonly started: Promise<void>;
  readonly ended: Promise<PromiseSettledResult<string>>;
  succeed(result: string): void;
  fail(): void;
}

/** Calls an idempotent function that waits to be told how to end. */
export function startCall(persistenceStore: BasePersistenceLayer, payload: unknown, more: IdempotentOptions): UnderWay {
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const call = makeIdempotent(
    (_payload: unknown) => {
      started.resolve();
      return end.promise;
    },
    { ...more, persistenceStore },
  )(payload);
  return {
    started: started.promise,
    ended: Promise.allSettled([call]).then(([settled]) => settled),
    succeed: (result) => end.resolve(result),
    fail: () => end.reject(new Error('the effect failed')),
  };
}

/** Moves the wall clock of this process; timers stand still, as in an environment that is frozen or stalled. */
export function jump(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}
