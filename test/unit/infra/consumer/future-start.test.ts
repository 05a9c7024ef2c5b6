import { describe, expect, it } from 'vitest';
import { warnOfFutureStart } from '../../../../infra/consumer/future-start.ts';
import type { StartingPosition } from '../../../../lib/core/esm/settings.ts';
import { consumerIn, stage, warningsOf } from './staged-consumer.ts';

const nowMs = Date.UTC(2026, 5, 1);

describe('a start in the future', () => {
  it.each<[StartingPosition | undefined, number]>([
    [undefined, 0],
    ['LATEST', 0],
    [{ atTimestampMs: nowMs }, 0],
    [{ atTimestampMs: nowMs + 1 }, 1],
  ])('%j: %i warnings', (position, count) => {
    const stack = stage();
    warnOfFutureStart(stack, position, nowMs);
    expect(warningsOf(stack)).toHaveLength(count);
  });

  it('is warned of by the consumer, with the time that it understood', () => {
    const stack = stage();
    consumerIn(stack, { startingPosition: { atTimestampMs: Date.UTC(9999, 0, 1) } });
    expect(warningsOf(stack)).toContainEqual(
      expect.stringMatching(/^startingPosition is 9999-01-01T00:00:00\.000Z, which lies in the future/),
    );
  });
});
