import type { AttributeValue } from './attribute-value.ts';
import { decimalOf } from './decimal.ts';

/**
 * One text for each value that a key may have, and one value for each text; undefined for other values.
 *
 * Numbers compare as numbers (`1` and `1.0` are one), values of different types differ.
 */
export function scalarIdentity(value: AttributeValue): string | undefined {
  if ('S' in value) return `S${value.S}`;
  if ('B' in value) return `B${Buffer.from(value.B).toString('base64')}`;
  const decimal = 'N' in value ? decimalOf(value.N) : undefined;
  if (decimal === undefined) return undefined;
  return `N${decimal.negative ? '-' : ''}${decimal.digits}e${decimal.exponent}`;
}
