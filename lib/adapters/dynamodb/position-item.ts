import type { Position } from '../../core/position/position.ts';
import type { PositionWrite } from '../../ports/commit-store.ts';
import type { Expectation } from './expectation.ts';
import { type Item, number } from './marker-item.ts';
import { ownAttributes, positionAttributes, type Table } from './table.ts';

/** Without status, so that it is no marker to anybody, and without expiration, so that TTL never deletes it. */
export function positionItem({ attributes }: Table, { positionKey, next, source }: PositionWrite): Item {
  return {
    [attributes.key]: { S: positionKey },
    [positionAttributes.nextOffset]: { N: String(next.nextOffset) },
    ...(next.highestTimestampMs !== undefined && {
      [positionAttributes.highestTimestamp]: { N: String(next.highestTimestampMs) },
    }),
    [positionAttributes.generation]: { N: String(next.generation) },
    [ownAttributes.source]: { S: source },
  };
}

/** Nobody has moved the position since it was read. */
export function asExpected({ nextOffset, generation }: Position): readonly Expectation[] {
  return [
    { name: positionAttributes.nextOffset, value: { N: String(nextOffset) } },
    { name: positionAttributes.generation, value: { N: String(generation) } },
  ];
}

/** The position in an item; undefined if it is none. */
export function toPosition(item: Item): Position | undefined {
  const nextOffset = number(item[positionAttributes.nextOffset]);
  const generation = number(item[positionAttributes.generation]);
  const timestamp = item[positionAttributes.highestTimestamp];
  const highestTimestampMs = number(timestamp);
  const whole =
    Number.isSafeInteger(nextOffset) &&
    Number.isSafeInteger(generation) &&
    (timestamp === undefined) === (highestTimestampMs === undefined);
  return whole && nextOffset !== undefined && generation !== undefined
    ? { nextOffset, highestTimestampMs, generation }
    : undefined;
}
