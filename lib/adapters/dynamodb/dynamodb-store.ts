import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import { markerOperations } from './marker-operations.ts';
import { type DynamoDbStoreOptions, requestsTo } from './store-options.ts';

/**
 * Idempotency markers in a DynamoDB table, in items that Powertools' `DynamoDBPersistenceLayer` can read and whose own
 * can be read here.
 *
 * Claims, renewals, completions and releases take one request for 25 items, reads one for 100. What is refused is read
 * back consistently unless the answer carries it. Needs `dynamodb:PartiQLInsert`, `dynamodb:PartiQLUpdate`,
 * `dynamodb:PartiQLDelete`, `dynamodb:BatchGetItem` and `dynamodb:BatchWriteItem` on the table.
 *
 * Throws a `ConfigurationError` for an option that is unknown or cannot be right. Everything else is a `failed` result: see the port.
 */
export function dynamoDbStore(options: DynamoDbStoreOptions): IdempotencyStore {
  return markerOperations(requestsTo(options));
}
