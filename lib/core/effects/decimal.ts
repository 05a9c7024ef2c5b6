/** A number as DynamoDB keeps it: `digits` (no zeros at either end; none at all for zero) times ten to `exponent`. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const form = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;
/** Bounds the work for a text that is padded with zeros; the longest number that needs none has 167 characters. */
const longestText = 400;
const mostDigits = 38;
const largestPower = 125;
const smallestPower = -130;

/**
 * The number of a text; undefined for one that DynamoDB does not take, or not exactly.
 *
 * It takes 38 significant digits and magnitudes from 1E-130 up to 1E126
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
 */
export function decimalOf(text: string): Decimal | undefined {
  const match = text.length > longestText ? null : form.exec(text);
  if (match === null) return undefined;
  const [, sign, integer = '', fraction = '', power = '0'] = match;
  const leading = (integer + fraction).replace(/^0+/, '');
  const digits = leading.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  const exponent = Number(power) - fraction.length + leading.length - digits.length;
  const first = exponent + digits.length - 1;
  if (digits.length > mostDigits || first > largestPower || first < smallestPower) return undefined;
  return { negative: sign === '-', digits, exponent };
}
