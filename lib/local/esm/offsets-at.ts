import { type Consumer, ListOffsetTimestamps } from '@platformatic/kafka';
import type { StartingPosition } from '../../core/esm/settings.ts';

/** Where partitions of a topic stand at a position; at the end if no record is as late as the time asked for. */
export async function offsetsAt(
  reader: Consumer,
  topic: string,
  partitions: readonly number[],
  position: StartingPosition,
): Promise<Map<number, number>> {
  if (partitions.length === 0) {
    return new Map();
  }
  const at = async (timestamp: bigint): Promise<readonly bigint[]> => {
    const offsets = await reader.listOffsets({
      topics: [topic],
      partitions: { [topic]: [...partitions] },
      timestamp,
    });
    return offsets.get(topic) ?? [];
  };
  const wanted = await at(typeof position === 'object' ? BigInt(position.atTimestampMs) : timestamps[position]);
  // The answer for a time that is too late is -1.
  const late = partitions.some((partition) => (wanted[partition] ?? -1n) < 0n);
  const end = late ? await at(timestamps.LATEST) : wanted;
  return new Map(
    partitions.map((partition) => {
      const offset = wanted[partition] ?? -1n;
      return [partition, Number(offset < 0n ? (end[partition] ?? 0n) : offset)];
    }),
  );
}

const timestamps: Readonly<Record<'TRIM_HORIZON' | 'LATEST', bigint>> = {
  TRIM_HORIZON: ListOffsetTimestamps.EARLIEST,
  LATEST: ListOffsetTimestamps.LATEST,
};
