import type { Position } from './position.ts';

/**
 * What a position says of a record of its topic-partition.
 *
 * - `new`: not done yet.
 * - `duplicate`: below the position, and no later than what is done: a redelivery.
 * - `misplaced`: below the position but later than anything that is done: a new record in an old place, because the topic
 *   was made again or truncated. It must not be taken for a redelivery.
 * - `outdated`: the position has a higher generation than the handler: an older version of it is still running.
 */
export type PositionJudgement = 'new' | 'duplicate' | 'misplaced' | 'outdated';

/** A record's place and time (epoch milliseconds). */
export interface PlacedRecord {
  readonly offset: number;
  readonly timestampMs: number | undefined;
}

/** `generation`: the handler's; a position of a lower one counts as none. */
export function judgePosition(
  position: Position | undefined,
  { offset, timestampMs }: PlacedRecord,
  generation: number,
): PositionJudgement {
  if (position === undefined || position.generation < generation) return 'new';
  if (position.generation > generation) return 'outdated';
  if (offset >= position.nextOffset) return 'new';
  const { highestTimestampMs } = position;
  const isLater = timestampMs !== undefined && highestTimestampMs !== undefined && timestampMs > highestTimestampMs;
  return isLater ? 'misplaced' : 'duplicate';
}

/** The position after records were done that follow one another; gaps in offsets are normal. */
export function nextPosition(
  position: Position | undefined,
  records: readonly PlacedRecord[],
  generation: number,
): Position {
  const start = position !== undefined && position.generation === generation ? position : undefined;
  let nextOffset = start?.nextOffset ?? 0;
  let highestTimestampMs = start?.highestTimestampMs;
  for (const { offset, timestampMs } of records) {
    nextOffset = Math.max(nextOffset, offset + 1);
    if (timestampMs !== undefined) highestTimestampMs = Math.max(highestTimestampMs ?? timestampMs, timestampMs);
  }
  return { nextOffset, highestTimestampMs, generation };
}

/** Whether a position is still the one that was read: what the condition of its next commit compares. */
export function isSamePosition(one: Position | undefined, other: Position | undefined): boolean {
  return one?.nextOffset === other?.nextOffset && one?.generation === other?.generation;
}
