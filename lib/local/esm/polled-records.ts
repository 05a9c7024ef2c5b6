import type { RecordsBatch } from '@platformatic/kafka';
import type { PolledRecord } from '../../core/esm/event.ts';

/** Attributes of a record batch. Source: Kafka protocol, "Record Batch". */
const logAppendTime = 0b1000;
const controlBatch = 0b10_0000;

/**
 * The records of a fetch from `position` on.
 *
 * A fetch may begin before the position it asked for, because Kafka stores and sends whole batches. Control batches
 * (transaction markers) and compacted ones bring no records and still move the position.
 */
export function polledRecords(
  batches: readonly RecordsBatch[],
  { topic, partition }: { readonly topic: string; readonly partition: number },
  position: number,
): { readonly records: readonly PolledRecord[]; readonly nextOffset: number } {
  const records: PolledRecord[] = [];
  let nextOffset = position;
  for (const batch of batches) {
    const firstOffset = Number(batch.firstOffset);
    nextOffset = Math.max(nextOffset, firstOffset + batch.lastOffsetDelta + 1);
    if ((batch.attributes & controlBatch) !== 0) {
      continue;
    }
    const appended = (batch.attributes & logAppendTime) !== 0;
    for (const record of batch.records) {
      const offset = firstOffset + record.offsetDelta;
      if (offset >= position) {
        records.push({
          ...{ topic, partition, offset },
          timestampMs: Number(appended ? batch.maxTimestamp : batch.firstTimestamp + record.timestampDelta),
          timestampType: appended ? 'LOG_APPEND_TIME' : 'CREATE_TIME',
          key: record.key,
          value: record.value,
          headers: record.headers.map(([name, value]) => ({
            name: name?.toString('utf8') ?? '',
            value: value ?? new Uint8Array(0),
          })),
        });
      }
    }
  }
  return { records, nextOffset };
}
