import fc from 'fast-check';
import type { AttributeValue } from '../../../lib/core/effects/attribute-value.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'S', '__proto__', '#g0', ':g0', '1'));

const number = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).filter((value) => {
    const size = Math.abs(value);
    return size === 0 || size >= 1e-130;
  }),
);

const bigint = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });

const set = fc.oneof(
  fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
  fc.uniqueArray(fc.maxSafeInteger(), { minLength: 1, maxLength: 4, selector: (value) => value + 0 }),
  fc.uniqueArray(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 4, selector: String }),
);

/** A name that an attribute may have. */
export const attributeName: fc.Arbitrary<string> = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }),
  fc.constantFrom('a', 'b', 'id', '__proto__', 'constructor', '#g0', ':g0'),
);

/** Every kind of plain value that DynamoDB has a form for. */
export const documentValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    bigint,
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 6 }),
    set.map((members) => new Set<unknown>(members)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(attributeName, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** An item of plain values that has the attribute `id`. */
export const documentItem: fc.Arbitrary<object> = fc
  .dictionary(attributeName, documentValue, { maxKeys: 5 })
  .map((item) => ({ ...item, id: 'o1' }));

/** A decimal number as an integer and a power of ten, which many texts stand for. */
export const decimal: fc.Arbitrary<{ readonly digits: bigint; readonly exponent: number }> = fc.record({
  digits: fc.oneof(fc.bigInt({ min: -999n, max: 999n }), bigint),
  exponent: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -60, max: 60 })),
});

/** Reads an attribute value without any help of what wrote it. */
export function readBack(value: AttributeValue): unknown {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  if ('B' in value) return value.B;
  if ('BOOL' in value) return value.BOOL;
  if ('NULL' in value) return null;
  if ('SS' in value) return new Set(value.SS);
  if ('NS' in value) return new Set(value.NS);
  if ('BS' in value) return new Set(value.BS);
  if ('L' in value) return value.L.map(readBack);
  return Object.fromEntries(Object.entries(value.M).map(([name, member]) => [name, readBack(member)]));
}

/** The same value with its numbers as texts: what reading back gives, where no number was changed. */
export function withNumbersAsTexts(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Set) return new Set([...value].map(withNumbersAsTexts));
  if (Array.isArray(value)) return value.map(withNumbersAsTexts);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withNumbersAsTexts(member)]));
}
