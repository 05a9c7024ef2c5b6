import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Failed } from '../../ports/idempotency-store.ts';
import { leftUnprocessed, malformedAnswer } from './classify-error.ts';
import { abortable } from './connection.ts';
import { inBatches } from './in-batches.ts';
import type { Item } from './marker-item.ts';
import type { TableRequest } from './table-request.ts';
import { untilProcessed } from './until-processed.ts';

/** The most keys that BatchGetItem takes. */
const mostKeys = 100;

/** Reads items consistently and makes one result of each key, in order. */
export function readItems<Result>(
  request: TableRequest,
  keys: readonly string[],
  toResult: (item: Item | undefined, key: string) => Result,
): Promise<readonly (Result | Failed)[]> {
  const { attempt, requestsInFlight } = request;
  return inBatches(keys, { batchSize: mostKeys, requestsInFlight, attempt }, async (batch) => {
    const items = new Map<string, Item>();
    const left = new Set(
      await untilProcessed(request, [...new Set(batch)], (wanted) => readOnce(request, wanted, items)),
    );
    return batch.map((key): Result | Failed =>
      left.has(key) ? { kind: 'failed', error: leftUnprocessed(attempt) } : toResult(items.get(key), key),
    );
  });
}

/** Enters what one request finds, in whatever order, and answers the keys it left unprocessed. */
async function readOnce(
  { attempt, call, client, table }: TableRequest,
  keys: readonly string[],
  found: Map<string, Item>,
): Promise<readonly string[]> {
  const keyName = table.attributes.key;
  const command = new BatchGetItemCommand({
    RequestItems: { [table.name]: { ConsistentRead: true, Keys: keys.map((key) => ({ [keyName]: { S: key } })) } },
  });
  const answer = await abortable(call.signal, () => client().send(command, { abortSignal: call.signal }));
  const items = answer.Responses?.[table.name];
  const unprocessed = new Set((answer.UnprocessedKeys?.[table.name]?.Keys ?? []).map((key) => key[keyName]?.S));
  const left = keys.filter((key) => unprocessed.has(key));
  if (items === undefined && left.length < keys.length) {
    // Only a list without an item proves that there is no such item.
    throw malformedAnswer('it says nothing of the table', attempt);
  }
  for (const item of items ?? []) {
    const key = item[keyName]?.S;
    if (key !== undefined) {
      found.set(key, item);
    }
  }
  return left;
}
