import type { Members, Value } from './value.ts';

/** The largest item, names of its attributes included. */
export const largestItemBytes: number = 400 * 1024;

const containerBytes = 3;

/**
 * What attributes count towards the size of an item.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function attributesBytes(attributes: Members): number {
  let sum = 0;
  for (const [name, value] of attributes) sum += Buffer.byteLength(name) + valueBytes(value);
  return sum;
}

function valueBytes(value: Value): number {
  switch (value.type) {
    case 'S':
      return Buffer.byteLength(value.text);
    case 'N':
      return numberBytes(value.text);
    case 'B':
      return value.text.length;
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'SS':
      return value.texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    case 'NS':
      return value.texts.reduce((sum, text) => sum + numberBytes(text), 0);
    case 'BS':
      return value.texts.reduce((sum, text) => sum + text.length, 0);
    case 'L':
      return value.elements.reduce((sum, element) => sum + 1 + valueBytes(element), containerBytes);
    case 'M':
      return containerBytes + value.members.size + attributesBytes(value.members);
  }
}

/** A byte, one for each pair of digits, one for a minus: the pairs of the number written to the base of 100. */
function numberBytes(text: string): number {
  const negative = text.startsWith('-') ? 1 : 0;
  const [whole = '', fraction = ''] = text.slice(negative).split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return 1;
  const exponent = digits.length - significant.length - fraction.length;
  return 1 + negative + Math.ceil((exponent + significant.length) / 2) - Math.floor(exponent / 2);
}
