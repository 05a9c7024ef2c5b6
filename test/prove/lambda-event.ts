import { type PlannedRecord, placeOf } from './schedule.ts';

const topic = 'orders';

/** The event that Lambda would send for these records. */
export function lambdaEvent(batch: readonly PlannedRecord[]): { readonly records: Record<string, unknown[]> } {
  const records: Record<string, unknown[]> = {};
  for (const { partition, offset, timestampMs, key, value } of batch) {
    const group = `${topic}-${partition}`;
    records[group] ??= [];
    records[group].push({
      topic,
      partition,
      offset,
      timestamp: timestampMs,
      timestampType: 'CREATE_TIME',
      ...(key === undefined ? {} : { key }),
      value,
      headers: [],
    });
  }
  return { records };
}

/** The records of the batch that an answer names as undone; `'all'` for an answer that names what is not in the batch. */
export function undonePlaces(response: unknown, batch: readonly PlannedRecord[]): ReadonlySet<string> | 'all' {
  const failures = isObject(response) && Array.isArray(response.batchItemFailures) ? response.batchItemFailures : [];
  const undone = new Set<string>();
  for (const failure of failures) {
    const named = isObject(failure) && isObject(failure.itemIdentifier) ? failure.itemIdentifier : {};
    const record = batch.find(
      ({ partition, offset }) => named.partition === `${topic}-${partition}` && named.offset === offset,
    );
    if (record === undefined) return 'all';
    undone.add(placeOf(record));
  }
  return undone;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
