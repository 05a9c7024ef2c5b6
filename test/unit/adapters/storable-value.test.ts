import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAttributeValue, toAttributeValue } from '../../../lib/adapters/dynamodb/attribute-value.ts';
import { toStorable } from '../../../lib/adapters/storable-value.ts';

const storable = fc.jsonValue({ maxDepth: 6 }).filter((value) => {
  const text = JSON.stringify(value);
  return ![...text.matchAll(/e[+-]?(\d+)/g)].some(([, exponent]) => Number(exponent) > 100);
});

describe('toStorable', () => {
  it('keeps every JSON value as JSON would', () => {
    fc.assert(
      fc.property(storable, (value) => {
        const kept = toStorable(value);
        const plain = JSON.parse(
          JSON.stringify(kept, (_, member) => (typeof member === 'bigint' ? Number(member) : member)),
        );
        expect(plain).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is settled: what is storable stays as it is', () => {
    fc.assert(
      fc.property(fc.oneof(storable, fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })), (value) => {
        const kept = toStorable(value);
        expect(toStorable(kept)).toStrictEqual(kept);
      }),
    );
  });

  it('survives the way to attribute values and back', () => {
    fc.assert(
      fc.property(fc.oneof(storable, fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })), (value) => {
        const kept = toStorable(value);
        expect(fromAttributeValue(toAttributeValue(kept))).toStrictEqual(kept);
      }),
    );
  });
});

describe('fromAttributeValue', () => {
  it('reads the types that only others write', () => {
    expect(fromAttributeValue({ SS: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(fromAttributeValue({ NS: ['1', '12345678901234567890'] })).toEqual([1, 12345678901234567890n]);
    expect(fromAttributeValue({ B: new Uint8Array([1]) })).toEqual(new Uint8Array([1]));
    expect(fromAttributeValue({ BS: [new Uint8Array([1])] })).toEqual([new Uint8Array([1])]);
    expect(fromAttributeValue({ NULL: true })).toBeNull();
    expect(fromAttributeValue({ N: '1E+50' })).toBe(1e50);
  });
});
