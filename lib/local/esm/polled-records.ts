import type { RecordsBatch } from '@platformatic/kafka';
import type { PolledRecord } from '../../core/esm/event.ts';

/** Attributes of a record batch. Source: Kafka protocol, "Record Batch". */
const logAppendTime = 0b1000;
const transactional = 0b1_0000;
const controlBatch = 0b10_0000;

/** A transaction that was aborted: its first offset in the partition. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/**
 * The records of a fetch from `position` on, those of aborted transactions left out.
 *
 * A fetch may begin before the position it asked for, because Kafka stores and sends whole batches. Control batches
 * (transaction markers) and compacted ones bring no records and still move the position.
 */
export function polledRecords(
  batches: readonly RecordsBatch[],
  { topic, partition }: { readonly topic: string; readonly partition: number },
  position: number,
  aborted: readonly AbortedTransaction[] = [],
): { readonly records: readonly PolledRecord[]; readonly nextOffset: number } {
  const records: PolledRecord[] = [];
  let nextOffset = position;
  const committed = committedOnly(aborted);
  for (const batch of batches) {
    const firstOffset = Number(batch.firstOffset);
    nextOffset = Math.max(nextOffset, firstOffset + batch.lastOffsetDelta + 1);
    if (!committed(batch) || (batch.attributes & controlBatch) !== 0) {
      continue;
    }
    const appended = (batch.attributes & logAppendTime) !== 0;
    for (const record of batch.records) {
      const offset = firstOffset + record.offsetDelta;
      if (offset >= position) {
        records.push({
          topic,
          partition,
          offset,
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

/**
 * Tells batch by batch, in order, which are no part of an aborted transaction.
 *
 * The client filters too, but only where it sees the marker that ends the transaction in the same answer, and only the
 * last transaction of a producer. Source: KIP-98, "Aborted transactions" of the fetch response.
 */
function committedOnly(aborted: readonly AbortedTransaction[]): (batch: RecordsBatch) => boolean {
  const ahead = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const open = new Set<bigint>();
  return (batch) => {
    const lastOffset = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    for (let [next] = ahead; next !== undefined && next.firstOffset <= lastOffset; [next] = ahead) {
      open.add(next.producerId);
      ahead.shift();
    }
    if ((batch.attributes & controlBatch) !== 0) {
      open.delete(batch.producerId);
    }
    return (batch.attributes & transactional) === 0 || !open.has(batch.producerId);
  };
}
