import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { decimalOf } from './decimal.ts';
import type { Effect } from './effect.ts';

/** The size of a text in UTF-8. */
export function textBytes(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(text);
}

const sum = <Value>(values: readonly Value[], bytesOf: (value: Value) => number): number =>
  values.reduce((bytes, value) => bytes + bytesOf(value), 0);

/**
 * The size of an item by
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function mapBytes(map: AttributeMap): number {
  return sum(Object.entries(map), ([name, value]) => textBytes(name) + valueBytes(value));
}

export function valueBytes(value: AttributeValue): number {
  if ('S' in value) return textBytes(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return value.B.length;
  if ('SS' in value) return sum(value.SS, textBytes);
  if ('NS' in value) return sum(value.NS, numberBytes);
  if ('BS' in value) return sum(value.BS, (bytes) => bytes.length);
  if ('L' in value) return 3 + sum(value.L, (element) => 1 + valueBytes(element));
  if ('M' in value) return 3 + Object.keys(value.M).length + mapBytes(value.M);
  return 1;
}

/**
 * A byte, one for each pair of digits, one for a minus.
 *
 * The page says "approximately"; the pairs are those of the number written to the base of 100, and the byte for the sign
 * is not mentioned there: both as DynamoDB Local counts, where 1.5 takes 3 bytes and -12 as well.
 */
function numberBytes(text: string): number {
  const { negative, digits, exponent } = decimalOf(text) ?? { negative: true, digits: text, exponent: 1 };
  const pairs = digits === '' ? 0 : Math.ceil((exponent + digits.length) / 2) - Math.floor(exponent / 2);
  return 1 + pairs + (negative ? 1 : 0);
}

/** What an effect adds to a transaction: item or key, values, names and expressions; never less than DynamoDB counts. */
export function effectSizeBytes(effect: Effect): number {
  return (
    mapBytes(effect.kind === 'put' ? effect.item : effect.key) +
    mapBytes(effect.values ?? {}) +
    sum(Object.entries(effect.names ?? {}), ([placeholder, name]) => textBytes(placeholder) + textBytes(name)) +
    textBytes(effect.condition) +
    textBytes(effect.kind === 'update' ? effect.update : undefined)
  );
}
