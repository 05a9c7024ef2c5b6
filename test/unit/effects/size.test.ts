import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../lib/core/effects/attribute-value.ts';
import type { Effect } from '../../../lib/core/effects/effect.ts';
import { checkLimits } from '../../../lib/core/effects/limits.ts';
import { effectSizeBytes, mapBytes } from '../../../lib/core/effects/size.ts';

const none = {
  table: 'Tab',
  condition: undefined,
  names: undefined,
  values: undefined,
  onConditionFailed: 'fail',
} as const;

describe('the size of a value', () => {
  // Each was measured with DynamoDB Local: how much shorter an item of 400 KB must be for the value to have room.
  it.each<[AttributeValue, number]>([
    [{ N: '0' }, 1],
    [{ N: '-0.0' }, 1],
    [{ N: '1' }, 2],
    [{ N: '12' }, 2],
    [{ N: '123' }, 3],
    [{ N: '1000' }, 2],
    [{ N: '-1' }, 3],
    [{ N: '-123' }, 4],
    [{ N: '1.5' }, 3],
    [{ N: '12.5' }, 3],
    [{ N: '0.1' }, 2],
    [{ N: '0.01' }, 2],
    [{ N: '0.001' }, 2],
    [{ N: '1e100' }, 2],
    [{ N: '1e101' }, 2],
    [{ N: '1.00' }, 2],
    [{ N: '1e-130' }, 2],
    [{ N: '9.9e125' }, 2],
    [{ N: '-1.2' }, 4],
    [{ N: '-0.12' }, 3],
    [{ N: '5.555' }, 4],
    [{ N: '55.55' }, 3],
    [{ N: '12345678901234567890123456789012345678' }, 20],
    [{ N: '1234567890123456789012345678901234567' }, 20],
    [{ N: '-12345678901234567890123456789012345678' }, 21],
    [{ S: 'é' }, 2],
    [{ S: '' }, 0],
    [{ B: new Uint8Array(3) }, 3],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ L: [] }, 3],
    [{ M: {} }, 3],
    [{ L: [{ S: 'a' }] }, 5],
    [{ M: { k: { S: 'a' } } }, 6],
    [{ L: [{ L: [{ L: [] }] }] }, 11],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '12'] }, 4],
    [{ BS: [new Uint8Array(2), new Uint8Array(3)] }, 5],
  ])('is as DynamoDB counts: %j', (value, bytes) => {
    expect(mapBytes({ v: value })).toBe(1 + bytes);
  });
});

describe('the size of an effect', () => {
  it('is that of all that is sent', () => {
    const key = { id: { S: 'o1' } };
    expect(effectSizeBytes({ ...none, kind: 'put', item: { ...key, é: { N: '12' } } })).toBe(4 + 4);
    expect(effectSizeBytes({ ...none, kind: 'delete', key })).toBe(4);
    expect(
      effectSizeBytes({
        ...none,
        kind: 'update',
        key,
        update: 'SET #a = :a',
        condition: '#a <> :a',
        names: { '#a': 'state' },
        values: { ':a': { S: 'PAID' } },
      }),
    ).toBe(4 + 11 + 8 + 7 + 6);
  });
});

describe('the limits of an effect', () => {
  const key = { id: { S: 'o1' } };
  const put = (bytes: number): Effect => ({ ...none, kind: 'put', item: { b: { B: new Uint8Array(bytes - 1) } } });

  it.each<[string, Effect, string]>([
    ['an item', put(409_601), 'item'],
    ['a key', { ...none, kind: 'delete', key: { id: { S: 'é'.repeat(1025) } } }, 'key.id'],
    ['an update', { ...none, kind: 'update', key, update: 'x'.repeat(4097) }, 'update'],
    ['a condition', { ...none, kind: 'delete', key, condition: 'x'.repeat(4097) }, 'condition'],
    ['a value', { ...none, kind: 'update', key, update: 'x', values: { ':b': { B: new Uint8Array(409_601) } } }, ':b'],
  ])('are named for %s', (_, effect, property) => {
    expect(() => checkLimits(effect)).toThrow(/^has \d+ bytes, over \d+$/);
    expect(() => checkLimits(effect)).toThrow(expect.objectContaining({ property, isLimit: true }));
  });

  it('are reached by nothing that DynamoDB takes', () => {
    expect(() => checkLimits(put(409_600))).not.toThrow();
    expect(() => checkLimits({ ...none, kind: 'delete', key: { id: { S: 'é'.repeat(1024) } } })).not.toThrow();
    const text = 'x'.repeat(4096);
    expect(() => checkLimits({ ...none, kind: 'update', key, update: text, condition: text })).not.toThrow();
  });
});
