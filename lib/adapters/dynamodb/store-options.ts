import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConfigurationError } from '../../core/errors/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitStore } from '../../ports/commit-store.ts';
import type { IdempotencyStore, StoreCall } from '../../ports/idempotency-store.ts';
import type { Randomness } from '../../ports/randomness.ts';
import { checkClient, refuseUnknown } from '../check-options.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemRandomness } from '../system/system-randomness.ts';
import { lazyClient } from './connection.ts';
import { type AttributeNames, tableOf } from './table.ts';
import type { TableRequest } from './table-request.ts';

export interface DynamoDbStoreOptions {
  /** Name (no ARN) of a table with a partition key `id` of type string, no sort key, and TTL on `expiration`. */
  readonly tableName: string;
  /**
   * The client to use. By default one is made at the first call, for the Region and credentials of the environment,
   * with 3 attempts of 1 s to connect and 3 s to be answered.
   */
  readonly client?: DynamoDBClient;
  /** For a table whose attributes have other names; those that are left out keep the names that Powertools uses. */
  readonly attributeNames?: Partial<AttributeNames>;
  /** How many requests of one operation travel at a time; 4 by default, at least 1. */
  readonly requestsInFlight?: number;
  /** Used between repetitions of what DynamoDB left unprocessed; the machine's by default. */
  readonly clock?: Clock;
  /** Jitter of the same; the machine's by default. */
  readonly randomness?: Randomness;
}

const knownOptions = ['tableName', 'client', 'attributeNames', 'requestsInFlight', 'clock', 'randomness'];

/** The table of a store, and what each request to it needs. */
export interface Requests {
  readonly tableName: string;
  readonly requestOf: (operation: keyof IdempotencyStore | keyof CommitStore, call: StoreCall) => TableRequest;
}

/**
 * @throws ConfigurationError for an option that is unknown or cannot be right.
 */
export function requestsTo(options: DynamoDbStoreOptions): Requests {
  refuseUnknown('dynamoDbStore', options, knownOptions);
  const table = tableOf(options.tableName, options.attributeNames);
  const { requestsInFlight = 4, clock = systemClock, randomness = systemRandomness } = options;
  if (!Number.isInteger(requestsInFlight) || requestsInFlight < 1) {
    throw new ConfigurationError('requestsInFlight', `${String(requestsInFlight)} is not a whole number of at least 1`);
  }
  checkClient('client', options.client);
  const client = lazyClient(options.client);
  return {
    tableName: table.name,
    requestOf: (operation, call) => ({
      table,
      client,
      requestsInFlight,
      clock,
      randomness,
      call,
      attempt: { tableName: table.name, operation },
    }),
  };
}
