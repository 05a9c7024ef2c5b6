import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchResponse, undoneRecordsError } from '../../../lib/core/answer/batch-response.ts';
import { UndoneRecordsError } from '../../../lib/core/errors/errors.ts';

const coordinates = fc.record({
  topic: fc.stringMatching(/^[A-Za-z0-9._-]{1,249}$/),
  partition: fc.nat(),
  offset: fc.maxSafeNat(),
});

describe('batchResponse', () => {
  it('is empty when all is done', () => {
    expect(batchResponse([])).toEqual({ batchItemFailures: [] });
  });

  it('names each record by <topic>-<partition> and offset, also for a topic with - and .', () => {
    const undone = [
      { topic: 'orders.eu-1', partition: 12, offset: 0 },
      { topic: 'orders', partition: 0, offset: Number.MAX_SAFE_INTEGER },
    ];
    expect(batchResponse(undone)).toEqual({
      batchItemFailures: [
        { itemIdentifier: { partition: 'orders.eu-1-12', offset: 0 } },
        { itemIdentifier: { partition: 'orders-0', offset: 9_007_199_254_740_991 } },
      ],
    });
  });

  it('names every record it is given, in order, and nothing of it but its coordinates', () => {
    fc.assert(
      fc.property(fc.array(coordinates), (undone) => {
        const whole = undone.map((one) => ({ ...one, value: 'c2VjcmV0', key: 'c2VjcmV0' }));
        const response = batchResponse(whole);
        expect(response).toEqual({
          batchItemFailures: undone.map(({ topic, partition, offset }) => ({
            itemIdentifier: { partition: `${topic}-${partition}`, offset },
          })),
        });
        expect(JSON.parse(JSON.stringify(response))).toEqual(response);
      }),
    );
  });
});

describe('undoneRecordsError', () => {
  const records = (count: number, topic = 'orders') =>
    Array.from({ length: count }, (_, offset) => ({ topic, partition: 3, offset }));

  it('lists every record that is not done', () => {
    const error = undoneRecordsError(records(2), 5);
    expect(error).toBeInstanceOf(UndoneRecordsError);
    expect(error.undone).toEqual(['orders-3@0', 'orders-3@1']);
    expect(error.message).toBe('2 of 5 records are not done: orders-3@0, orders-3@1');
  });

  it('names twenty in the message, and says how many more there are', () => {
    expect(undoneRecordsError(records(20), 20).message).not.toContain('more');
    const error = undoneRecordsError(records(10_000), 10_000);
    expect(error.undone).toHaveLength(10_000);
    // The runtime of Lambda logs each enumerable property of an error.
    expect(Object.keys(error)).not.toContain('undone');
    expect(JSON.stringify(error).length).toBeLessThan(100);
    expect(error.message).toMatch(/^10000 of 10000 records are not done: orders-3@0, .*orders-3@19 and 9980 more$/);
  });

  it('keeps the message within what a log line takes, however long the topic names', () => {
    expect(undoneRecordsError(records(10_000, 't'.repeat(249)), 10_000).message.length).toBeLessThan(6_000);
  });
});
