import { decimalOf } from '../../../core/effects/decimal.ts';

/** `digits` × 10^`exponent`. */
interface Exact {
  readonly digits: bigint;
  readonly exponent: number;
}

/** A number without an exponent and without superfluous zeros; undefined for one that DynamoDB does not take. */
export function plainNotation(text: string): string | undefined {
  const decimal = decimalOf(text);
  if (decimal === undefined) return undefined;
  const { negative, digits, exponent } = decimal;
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** The exact sum of `a` and `sign` × `b`, in plain notation; undefined if DynamoDB does not take it. */
export function exactSum(a: string, b: string, sign: 1 | -1): string | undefined {
  const [left, right, exponent] = aligned(a, b);
  return plainNotation(`${left + BigInt(sign) * right}e${exponent}`);
}

/** Below, at or above zero as `a` is below, at or above `b`. */
export function exactOrder(a: string, b: string): number {
  const [left, right] = aligned(a, b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function aligned(a: string, b: string): [bigint, bigint, number] {
  const [left, right] = [exactOf(a), exactOf(b)];
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (of: Exact) => of.digits * 10n ** BigInt(of.exponent - exponent);
  return [scaled(left), scaled(right), exponent];
}

function exactOf(text: string): Exact {
  const { negative = false, digits = '0', exponent = 0 } = decimalOf(text) ?? {};
  const size = BigInt(digits);
  return { digits: negative ? -size : size, exponent };
}
