import type { Failed } from '../../ports/idempotency-store.ts';
import { type Attempt, classifyError, isRefusedWhole } from './classify-error.ts';

export interface Batching {
  readonly batchSize: number;
  readonly requestsInFlight: number;
  readonly attempt: Attempt;
}

/**
 * Sends items in batches, several at a time, and answers one result each, in order; it never rejects.
 *
 * A request that is refused whole is sent again one by one, so that an item that cannot be stored harms no neighbour.
 */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  { batchSize, requestsInFlight, attempt }: Batching,
  send: (batch: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly (Result | Failed)[]> {
  const batches: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += batchSize) {
    batches.push(items.slice(start, start + batchSize));
  }
  const results: (readonly (Result | Failed)[])[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < batches.length; index = next++) {
      results[index] = await sendBatch(batches[index] ?? [], attempt, send);
    }
  };
  await Promise.all(Array.from({ length: Math.min(requestsInFlight, batches.length) }, worker));
  return results.flat();
}

async function sendBatch<Item, Result>(
  batch: readonly Item[],
  attempt: Attempt,
  send: (batch: readonly Item[]) => Promise<readonly Result[]>,
): Promise<readonly (Result | Failed)[]> {
  try {
    return await send(batch);
  } catch (error) {
    if (batch.length > 1 && isRefusedWhole(error)) {
      const results: (Result | Failed)[] = [];
      for (const item of batch) {
        results.push(...(await sendBatch([item], attempt, send)));
      }
      return results;
    }
    const failed: Failed = { kind: 'failed', error: classifyError(error, attempt) };
    return batch.map(() => failed);
  }
}
