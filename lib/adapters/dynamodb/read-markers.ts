import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ReadResult } from '../../ports/idempotency-store.ts';
import { leftUnprocessed, malformedAnswer } from './classify-error.ts';
import { abortable } from './connection.ts';
import { inBatches } from './in-batches.ts';
import { type Item, toMarker } from './marker-item.ts';
import type { TableRequest } from './table-request.ts';
import { untilProcessed } from './until-processed.ts';

/** The most keys that BatchGetItem takes. */
const mostKeys = 100;

/** Reads markers consistently: one result a key, in order. */
export function readMarkers(request: TableRequest, idempotencyKeys: readonly string[]): Promise<readonly ReadResult[]> {
  const { attempt, requestsInFlight } = request;
  return inBatches(idempotencyKeys, { batchSize: mostKeys, requestsInFlight, attempt }, async (batch) => {
    const results = new Map<string, ReadResult>();
    const left = await untilProcessed(request, [...new Set(batch)], (keys) => readOnce(request, keys, results));
    for (const key of left) {
      results.set(key, { kind: 'failed', error: leftUnprocessed(attempt) });
    }
    return batch.map((key) => results.get(key) ?? { kind: 'read', marker: undefined });
  });
}

/** Enters what one request finds, in whatever order, and answers the keys it left unprocessed. */
async function readOnce(
  { attempt, call, client, table }: TableRequest,
  keys: readonly string[],
  results: Map<string, ReadResult>,
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
      results.set(key, toResult(item));
    }
  }
  return left;

  function toResult(item: Item): ReadResult {
    const marker = toMarker(table, item);
    return marker === undefined
      ? { kind: 'failed', error: malformedAnswer('an item without status or expiration', attempt) }
      : { kind: 'read', marker };
  }
}
