import { describe, expect, it } from 'vitest';
import { judgePosition } from '../../../lib/core/position/judge-position.ts';

const position = { nextOffset: 10, highestTimestampMs: 5_000, generation: 1 };

describe('a record is judged by its position', () => {
  it.each([
    ['at the position', 10, 1, 'new'],
    ['beyond it', 11, undefined, 'new'],
    ['below it, as late as what is done', 9, 5_000, 'duplicate'],
    ['below it, later than all that is done', 0, 5_001, 'misplaced'],
  ] as const)('%s', (_, offset, timestampMs, judgement) => {
    expect(judgePosition(position, { offset, timestampMs }, 1)).toBe(judgement);
  });

  it.each([
    ['nothing is done', undefined, 'new'],
    ['the position is of a lower generation', { ...position, generation: 0 }, 'new'],
    ['the position is of a higher generation', { ...position, generation: 2 }, 'outdated'],
  ] as const)('where %s', (_, known, judgement) => {
    expect(judgePosition(known, { offset: 0, timestampMs: 1 }, 1)).toBe(judgement);
  });
});

/*
 * Limits, not wishes: in a topic that was made again these are new records, and nothing tells them from redeliveries. The
 * documentation of the mode says so.
 */
describe('a new record below the position passes for a duplicate', () => {
  it.each([
    ['with the time it had in the topic that it was copied from', 4_000, 5_000],
    ['after a record from a clock that was ahead', 6_000, 9_999],
    ['without a timestamp', undefined, 5_000],
    ['where no record that is done had a timestamp', 6_000, undefined],
  ] as const)('%s', (_, timestampMs, highestTimestampMs) => {
    const known = { ...position, highestTimestampMs };
    expect(judgePosition(known, { offset: 0, timestampMs }, 1)).toBe('duplicate');
    expect(judgePosition(known, { offset: 0, timestampMs }, 2)).toBe('new');
  });
});
