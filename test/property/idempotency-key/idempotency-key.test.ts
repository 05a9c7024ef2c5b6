import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusinessIdError } from '../../../lib/core/errors/errors.ts';
import { compileBusinessId } from '../../../lib/core/idempotency-key/business-id.ts';
import {
  checkKeySettings,
  fallbackKey,
  type KeyedRecord,
  type KeySettings,
  recordKey,
} from '../../../lib/core/idempotency-key/idempotency-key.ts';
import { isMissingId } from '../../../lib/core/idempotency-key/missing-id.ts';
import type { KafkaRecord, ReceivedRecord } from '../../../lib/core/record.ts';
import { idValue, sameId } from './values.ts';

const place: fc.Arbitrary<KeyedRecord> = fc.record({
  topic: fc.constantFrom('a', 'b', 'a-1', 'businessId'),
  partition: fc.nat({ max: 2 }),
  offset: fc.oneof(fc.nat({ max: 3 }), fc.maxSafeNat()),
  timestampMs: fc.option(fc.constantFrom(0, 1, 1_763_600_000_000), { nil: undefined }),
});

const settings: fc.Arbitrary<KeySettings> = fc
  .record({
    namespace: fc.constantFrom('n', 'n#', 'n#n', '#', 'coordinates'),
    clusterLabel: fc.constantFrom('c', 'd'),
    scope: fc.constantFrom('topic', 'namespace'),
    hash: fc.constantFrom('sha256', 'md5'),
    onMissingBusinessId: fc.constant('fallback' as const),
  })
  .map((made) => (made.hash === 'md5' ? { ...made, scope: 'namespace' } : made));

function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}

const jsonId = fc.jsonValue().filter((id) => !isMissingId(id) && isExact(id));

/** IDs that imitate what fallback keys are made of. */
const imitation = fc
  .tuple(place, fc.constantFrom('c', 'd'))
  .chain(([{ topic, partition, offset, timestampMs }, label]) =>
    fc.constantFrom<unknown>(
      [label, topic, partition, offset, timestampMs ?? 0],
      [topic, partition, offset],
      `${topic}-${partition}@${offset}`,
      `coordinates\n${JSON.stringify([label, topic, partition, offset, timestampMs ?? null])}`,
    ),
  );

describe('recordKey', () => {
  it('never makes a business ID and coordinates one key', () => {
    fc.assert(
      fc.property(fc.oneof(jsonId, imitation), place, place, settings, settings, (id, one, other, mine, theirs) => {
        checkKeySettings(mine);
        const key = recordKey(id, one, mine);
        expect(key.kind).toBe('businessId');
        expect(key.idempotencyKey).not.toBe(fallbackKey(other, theirs));
        expect(key.idempotencyKey).not.toBe(recordKey(undefined, other, mine).idempotencyKey);
      }),
      { numRuns: 500 },
    );
  });

  it('gives two records one key exactly if namespace, scope and ID are the same', () => {
    const sha256 = settings.filter(({ hash }) => hash === 'sha256');
    const id = idValue.filter((value) => !isMissingId(value));
    fc.assert(
      fc.property(id, id, place, place, sha256, sha256, (idOne, idOther, one, other, mine, theirs) => {
        const shared = mine.scope === 'namespace' || one.topic === other.topic;
        const same = mine.namespace === theirs.namespace && mine.scope === theirs.scope && shared;
        const key = recordKey(idOne, one, mine).idempotencyKey;
        expect(key === recordKey(idOne, other, theirs).idempotencyKey).toBe(same);
        expect(key === recordKey(idOther, other, theirs).idempotencyKey).toBe(same && sameId(idOne, idOther));
      }),
      { numRuns: 500 },
    );
  });

  it('gives records without an ID, tombstones among them, one key exactly if they are one record', () => {
    const idOf = compileBusinessId<unknown, unknown>('value.orderId', 'businessId');
    const keyOf = (at: KeyedRecord, value: unknown, made: KeySettings): string => {
      const parts = { ...at, timestampType: undefined, keySchemaMetadata: undefined, valueSchemaMetadata: undefined };
      const record: KafkaRecord<unknown, unknown> = { ...parts, key: null, value, headers: [] };
      const received: ReceivedRecord = { ...parts, key: null, value: null, headers: null };
      return recordKey(idOf(record, received), at, made).idempotencyKey;
    };
    const withoutId = fc.constantFrom<unknown>(null, {}, { orderId: null }, { orderId: '' }, 'text', 5);
    fc.assert(
      fc.property(place, place, withoutId, withoutId, settings, (one, other, valueOne, valueOther, made) => {
        const same =
          one.topic === other.topic &&
          one.partition === other.partition &&
          one.offset === other.offset &&
          one.timestampMs === other.timestampMs;
        expect(keyOf(one, valueOne, made) === keyOf(other, valueOther, made)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it('knows a record of a topic that was made again, in the same place at another time, for another', () => {
    fc.assert(
      fc.property(place, fc.nat(), settings, (at, timestampMs, made) => {
        fc.pre(timestampMs !== at.timestampMs);
        expect(fallbackKey({ ...at, timestampMs }, made)).not.toBe(fallbackKey(at, made));
      }),
    );
  });

  it('is a key or a BusinessIdError for anything', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, place, settings, (id, at, made) => {
        try {
          expect(recordKey(id, at, made).idempotencyKey.startsWith(`${made.namespace}#`)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(BusinessIdError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
