import { topicPartition } from '../coordinates.ts';
import type { ReceivedRecord } from '../record.ts';

/**
 * What is kept in order.
 *
 * - `'partition'`: records of a topic-partition run one after the other; the first that is not done holds back the rest.
 * - `'key'`: the same per Kafka key within a topic-partition; a record without a key is on its own.
 * - `'none'`: every record is on its own.
 */
export type Ordering = 'partition' | 'key' | 'none';

/** Divides a batch into ordering units: lists of records, each in the order of the batch, the lists by first record. */
export function orderingUnits(records: readonly ReceivedRecord[], ordering: Ordering): ReceivedRecord[][] {
  const units: ReceivedRecord[][] = [];
  const byName = new Map<string, ReceivedRecord[]>();
  for (const record of records) {
    const name = unitName(record, ordering);
    const unit = name === undefined ? undefined : byName.get(name);
    if (unit !== undefined) {
      unit.push(record);
      continue;
    }
    const started = [record];
    units.push(started);
    if (name !== undefined) byName.set(name, started);
  }
  return units;
}

/** The name that records of one unit share; undefined for a record on its own. */
function unitName(record: ReceivedRecord, ordering: Ordering): string | undefined {
  switch (ordering) {
    case 'partition':
      return topicPartition(record);
    case 'key':
      // A malformed key cannot be compared: such a record is undecodable, and on its own.
      return typeof record.key === 'string' && record.key !== ''
        ? `${topicPartition(record)}/${record.key}`
        : undefined;
    case 'none':
      return undefined;
  }
}
