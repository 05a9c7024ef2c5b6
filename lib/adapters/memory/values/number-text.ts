import { InvalidEffectError, MisfitError } from '../refusals.ts';
import { exactOrder, exactSum, plainNotation } from './exact-number.ts';

/** An integer whose sums with others of its kind are exact in a JavaScript number; it is in normal form. */
const smallInteger = /^(?:0|-?[1-9]\d{0,14})$/;

/** The normal form of a number. Throws an `InvalidEffectError` for what DynamoDB does not take for one. */
export function normalNumber(text: string): string {
  const normal = smallInteger.test(text) ? text : plainNotation(text);
  if (normal === undefined) throw new InvalidEffectError('a value of type N is no number that DynamoDB takes');
  return normal;
}

/** Of two numbers in normal form. Throws a `MisfitError` if the result cannot be stored. */
export function addNumbers(a: string, b: string, sign: 1 | -1): string {
  if (smallInteger.test(a) && smallInteger.test(b)) return String(Number(a) + sign * Number(b));
  const sum = exactSum(a, b, sign);
  if (sum === undefined) throw new MisfitError('a number would have more than 38 digits, or be out of range');
  return sum;
}

/** Of two numbers in normal form: below, at or above zero as `a` is below, at or above `b`. */
export function compareNumbers(a: string, b: string): number {
  return smallInteger.test(a) && smallInteger.test(b) ? Number(a) - Number(b) : exactOrder(a, b);
}
