import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../ports/clock.ts';
import type { StoreCall } from '../../ports/idempotency-store.ts';
import type { Randomness } from '../../ports/randomness.ts';
import type { Attempt } from './classify-error.ts';
import type { Table } from './table.ts';

/** What every request of one call needs. */
export interface TableRequest {
  readonly table: Table;
  readonly client: () => DynamoDBClient;
  readonly requestsInFlight: number;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly call: StoreCall;
  readonly attempt: Attempt;
}
