import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCoordinates, topicPartition } from '../../../lib/core/coordinates.ts';
import { MalformedEventError } from '../../../lib/core/errors/errors.ts';
import { receiveEvent } from '../../../lib/core/event/receive-event.ts';

const topic = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._-]{1,30}$/),
  fc.constantFrom('__proto__', 'constructor', 'a-1', '-', '..-0', '7'),
);
const contents = fc.option(fc.oneof(fc.base64String(), fc.jsonValue()), { nil: undefined });

const group = fc.record({
  topic,
  partition: fc.nat({ max: 2 ** 31 - 1 }),
  records: fc.uniqueArray(
    fc.record({
      offset: fc.maxSafeNat(),
      timestamp: fc.oneof(fc.maxSafeNat(), fc.jsonValue()),
      key: contents,
      value: contents,
      headers: contents,
    }),
    { minLength: 1, maxLength: 20, selector: ({ offset }) => offset },
  ),
});

const groups = fc.uniqueArray(group, { minLength: 1, maxLength: 8, selector: topicPartition });

/** A well-formed event as it arrives, parsed from text, and the coordinates it holds, in order. */
const wellFormed = groups.map((made) => {
  const records = made.map(({ topic, partition, records }) => [
    topicPartition({ topic, partition }),
    records.map((record) => ({ topic, partition, ...record })),
  ]);
  const event: unknown = JSON.parse(JSON.stringify({ records: Object.fromEntries(records) }));
  const coordinates = made.flatMap(({ topic, partition, records }) =>
    records.map(({ offset }) => formatCoordinates({ topic, partition, offset })),
  );
  return { event, coordinates };
});

describe('receiveEvent', () => {
  it('takes every well-formed event and loses no record of it', () => {
    fc.assert(
      fc.property(wellFormed, ({ event, coordinates }) => {
        expect(receiveEvent(event).map(formatCoordinates)).toEqual(coordinates);
      }),
    );
  });

  it('yields records or MalformedEventError for anything, and never an empty batch', () => {
    const recordLike = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          topic: fc.oneof(fc.constant('a'), fc.jsonValue()),
          partition: fc.oneof(fc.constant(0), fc.jsonValue()),
          offset: fc.oneof(fc.nat(), fc.jsonValue()),
        },
        { requiredKeys: [] },
      ),
    );
    const eventLike = fc.oneof(
      fc.anything(),
      fc.record({ records: fc.dictionary(fc.constantFrom('a-0', 'a', 'b-0'), fc.array(recordLike)) }),
      fc.record({ eventSource: fc.jsonValue(), records: fc.jsonValue(), Records: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(eventLike, (event) => {
        try {
          expect(receiveEvent(event).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedEventError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
