import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { MarkResult } from '../../ports/idempotency-store.ts';
import { leftUnprocessed, malformedAnswer } from './classify-error.ts';
import { abortable } from './connection.ts';
import { inBatches } from './in-batches.ts';
import type { Item } from './marker-item.ts';
import type { TableRequest } from './table-request.ts';
import { untilProcessed } from './until-processed.ts';

/** The most items that BatchWriteItem takes. */
const mostItems = 25;

/** Writes items whatever was there before; PartiQL has no statement that does. */
export function putItems(request: TableRequest, items: readonly Item[]): Promise<readonly MarkResult[]> {
  const { attempt, requestsInFlight, table } = request;
  return inBatches(items, { batchSize: mostItems, requestsInFlight, attempt }, async (batch) => {
    const keyOf = (item: Item) => item[table.attributes.key]?.S;
    const left = await untilProcessed(request, batch, (wanted) => putOnce(request, wanted));
    const keysLeft = new Set(left.map(keyOf));
    return batch.map(
      (item): MarkResult =>
        keysLeft.has(keyOf(item)) ? { kind: 'failed', error: leftUnprocessed(attempt) } : { kind: 'marked' },
    );
  });
}

async function putOnce(
  { attempt, call, client, table }: TableRequest,
  items: readonly Item[],
): Promise<readonly Item[]> {
  const command = new BatchWriteItemCommand({
    RequestItems: { [table.name]: items.map((item) => ({ PutRequest: { Item: item } })) },
  });
  const answer = await abortable(call.signal, () => client().send(command, { abortSignal: call.signal }));
  if (answer.UnprocessedItems === undefined) {
    // DynamoDB always says what it left, if only that it left nothing.
    throw malformedAnswer('it does not say what was left unprocessed', attempt);
  }
  const unprocessed = answer.UnprocessedItems[table.name] ?? [];
  return unprocessed.flatMap((write): Item[] => (write.PutRequest?.Item ? [write.PutRequest.Item] : []));
}
