import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ConfigurationError } from '../../core/errors/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  Commit,
  CommitResult,
  CommitStore,
  MarkWrite,
  ReadPositionResult,
  SetMarkResult,
  TransactionalStore,
} from '../../ports/commit-store.ts';
import type {
  ClaimResult,
  ClaimWrite,
  CompletedWrite,
  CompleteResult,
  CompleteWrite,
  IdempotencyStore,
  MarkResult,
  ReadResult,
  ReleaseResult,
  ReleaseWrite,
  RenewResult,
  RenewWrite,
  StoreCall,
  TakeOverWrite,
} from '../../ports/idempotency-store.ts';
import type { Randomness } from '../../ports/randomness.ts';
import { checkClient, refuseUnknown } from '../check-options.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemRandomness } from '../system/system-randomness.ts';
import { lazyClient } from './connection.ts';
import { completedItem } from './marker-item.ts';
import { putItems } from './put-items.ts';
import { readMarkers } from './read-markers.ts';
import {
  completeStatement,
  insertStatement,
  markStatement,
  releaseStatement,
  renewStatement,
  takeOverStatement,
} from './statements.ts';
import { type AttributeNames, tableOf } from './table.ts';
import type { TableRequest } from './table-request.ts';
import { type Decided, withMarkers, write } from './write-markers.ts';

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

/**
 * Idempotency markers in a DynamoDB table, in items that Powertools' `DynamoDBPersistenceLayer` can read and whose own
 * can be read here.
 *
 * Claims, renewals, completions and releases take one request for 25 items, reads one for 100. What is refused is read
 * back consistently unless the answer carries it. Needs `dynamodb:PartiQLInsert`, `dynamodb:PartiQLUpdate`,
 * `dynamodb:PartiQLDelete`, `dynamodb:BatchGetItem` and `dynamodb:BatchWriteItem` on the table.
 *
 * A commit is one `TransactWriteItems`. It needs `dynamodb:PutItem` on the table, and on the tables of its effects
 * `dynamodb:PutItem`, `dynamodb:UpdateItem`, `dynamodb:DeleteItem` and `dynamodb:ConditionCheckItem`, each for the effects
 * of its kind (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html).
 *
 * Throws a `ConfigurationError` for an option that is unknown or cannot be right. Everything else is a `failed` result: see the port.
 */
export function dynamoDbStore(options: DynamoDbStoreOptions): TransactionalStore {
  refuseUnknown('dynamoDbStore', options, knownOptions);
  const table = tableOf(options.tableName, options.attributeNames);
  const { requestsInFlight = 4, clock = systemClock, randomness = systemRandomness } = options;
  if (!Number.isInteger(requestsInFlight) || requestsInFlight < 1) {
    throw new ConfigurationError('requestsInFlight', `${String(requestsInFlight)} is not a whole number of at least 1`);
  }
  checkClient('client', options.client);
  const client = lazyClient(options.client);
  const requestOf = (operation: keyof IdempotencyStore | keyof CommitStore, call: StoreCall): TableRequest => ({
    table,
    client,
    requestsInFlight,
    clock,
    randomness,
    call,
    attempt: { tableName: table.name, operation },
  });

  return {
    tableName: table.name,

    async insert(claims: readonly ClaimWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
      const request = requestOf('insert', call);
      const written = await write(request, claims, insertStatement);
      return withMarkers(request, claims, written, toClaimResult);
    },

    async takeOver(claims: readonly TakeOverWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
      const request = requestOf('takeOver', call);
      const written = await write(request, claims, takeOverStatement);
      return withMarkers(request, claims, written, toClaimResult);
    },

    async renew(renewals: readonly RenewWrite[], call: StoreCall): Promise<readonly RenewResult[]> {
      const written = await write(requestOf('renew', call), renewals, renewStatement);
      return written.map((one) =>
        one.kind === 'failed' ? one : { kind: one.kind === 'done' ? 'renewed' : 'refused' },
      );
    },

    async complete(completions: readonly CompleteWrite[], call: StoreCall): Promise<readonly CompleteResult[]> {
      const request = requestOf('complete', call);
      const written = await write(request, completions, completeStatement);
      return withMarkers(request, completions, written, toCompleteResult);
    },

    async release(releases: readonly ReleaseWrite[], call: StoreCall): Promise<readonly ReleaseResult[]> {
      const written = await write(requestOf('release', call), releases, releaseStatement);
      return written.map((one) =>
        one.kind === 'failed' ? one : { kind: one.kind === 'done' ? 'released' : 'refused' },
      );
    },

    read(idempotencyKeys: readonly string[], call: StoreCall): Promise<readonly ReadResult[]> {
      return readMarkers(requestOf('read', call), idempotencyKeys);
    },

    markCompleted(markers: readonly CompletedWrite[], call: StoreCall): Promise<readonly MarkResult[]> {
      const items = markers.map((marker) => completedItem(table, marker));
      return putItems(requestOf('markCompleted', call), items);
    },

    // Loaded by those who commit: others need not carry it through their cold starts.
    async commit(commit: Commit, call: StoreCall): Promise<CommitResult> {
      const { commitWrites } = await import('./commit.ts');
      return await commitWrites(requestOf('commit', call), commit);
    },

    async setMarks(marks: readonly MarkWrite[], call: StoreCall): Promise<readonly SetMarkResult[]> {
      const request = requestOf('setMarks', call);
      const written = await write(request, marks, markStatement);
      return withMarkers(request, marks, written, toSetMarkResult);
    },

    async readPositions(positionKeys: readonly string[], call: StoreCall): Promise<readonly ReadPositionResult[]> {
      const { readPositions } = await import('./read-positions.ts');
      return await readPositions(requestOf('readPositions', call), positionKeys);
    },
  };
}

function toClaimResult(decided: Decided): ClaimResult {
  if (decided.kind === 'done') {
    return { kind: 'claimed' };
  }
  return decided.marker === undefined ? { kind: 'gone' } : { kind: 'existing', marker: decided.marker };
}

function toCompleteResult(decided: Decided): CompleteResult {
  return decided.kind === 'done' ? { kind: 'completed' } : decided;
}

function toSetMarkResult(decided: Decided): SetMarkResult {
  if (decided.kind === 'done') {
    return { kind: 'marked' };
  }
  return decided.marker === undefined ? { kind: 'gone' } : { kind: 'existing', marker: decided.marker };
}
