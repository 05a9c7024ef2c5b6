import type {
  Commit,
  CommitResult,
  MarkWrite,
  ReadPositionResult,
  SetMarkResult,
  TransactionalStore,
} from '../../ports/commit-store.ts';
import type { StoreCall } from '../../ports/idempotency-store.ts';
import { commitWrites } from './commit.ts';
import { markStatement } from './mark-statement.ts';
import { markerOperations } from './marker-operations.ts';
import { readPositions } from './read-positions.ts';
import { type DynamoDbStoreOptions, requestsTo } from './store-options.ts';
import { type Decided, withMarkers, write } from './write-markers.ts';

/**
 * `dynamoDbStore` for every mode: markers as the one of the main entry keeps them, positions, and commits of both with the
 * effects of handlers.
 *
 * A commit is one `TransactWriteItems`. Beside what claims need, it needs `dynamodb:PutItem` on the table, and on the tables
 * of its effects `dynamodb:PutItem`, `dynamodb:UpdateItem`, `dynamodb:DeleteItem` and `dynamodb:ConditionCheckItem`, each for
 * the effects of its kind (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html).
 *
 * Throws a `ConfigurationError` for an option that is unknown or cannot be right. Everything else is a `failed` result: see the port.
 */
export function dynamoDbStore(options: DynamoDbStoreOptions): TransactionalStore {
  const requests = requestsTo(options);
  const { tableName, requestOf } = requests;
  return {
    tableName,
    ...markerOperations(requests),

    commit(commit: Commit, call: StoreCall): Promise<CommitResult> {
      return commitWrites(requestOf('commit', call), commit);
    },

    async setMarks(marks: readonly MarkWrite[], call: StoreCall): Promise<readonly SetMarkResult[]> {
      const request = requestOf('setMarks', call);
      const written = await write(request, marks, markStatement);
      return withMarkers(request, marks, written, toSetMarkResult);
    },

    readPositions(positionKeys: readonly string[], call: StoreCall): Promise<readonly ReadPositionResult[]> {
      return readPositions(requestOf('readPositions', call), positionKeys);
    },
  };
}

function toSetMarkResult(decided: Decided): SetMarkResult {
  if (decided.kind === 'done') {
    return { kind: 'marked' };
  }
  return decided.marker === undefined ? { kind: 'gone' } : { kind: 'existing', marker: decided.marker };
}
