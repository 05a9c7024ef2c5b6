import { describe, expect, it } from 'vitest';
import { addNumbers, compareNumbers, normalNumber } from '../../../lib/adapters/memory/values/number-text.ts';

const nines = '9'.repeat(38);

describe('a number', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0e5', '0'],
    ['007', '7'],
    ['+4', '4'],
    ['1.0', '1'],
    ['12.3400', '12.34'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-.25', '-0.25'],
    ['1e2', '100'],
    ['1E-3', '0.001'],
    ['-1.5e+3', '-1500'],
    ['12345678901234567890.50', '12345678901234567890.5'],
    [`${nines}000`, `${nines}000`],
    ['9.9e125', `99${'0'.repeat(124)}`],
    ['1e-130', `0.${'0'.repeat(129)}1`],
  ])('is kept in plain notation: %s', (text, normal) => {
    expect(normalNumber(text)).toBe(normal);
    expect(normalNumber(normal)).toBe(normal);
  });

  it.each([
    '',
    '.',
    '-',
    'e5',
    ' 5',
    '5 ',
    '0x5',
    '1e',
    '1_0',
    'NaN',
    'Infinity',
    '1,5',
    '--1',
    `${nines}9`,
    '1e126',
    '1e-131',
  ])('is refused: %j', (text) => {
    expect(() => normalNumber(text)).toThrow('number');
  });

  it.each([
    ['1', '0.1', '1.1', '0.9'],
    ['0.5', '0.5', '1', '0'],
    ['-3', '10', '7', '-13'],
    [nines, '1', `1${'0'.repeat(38)}`, `${'9'.repeat(37)}8`],
    ['9007199254740993', '1', '9007199254740994', '9007199254740992'],
    ['999999999999999', '999999999999999', '1999999999999998', '0'],
  ])('is added and subtracted exactly: %s and %s', (a, b, sum, difference) => {
    expect(addNumbers(a, b, 1)).toBe(sum);
    expect(addNumbers(a, b, -1)).toBe(difference);
  });

  it.each([
    [normalNumber('1e38'), '1'],
    [normalNumber('9e125'), normalNumber('9e125')],
    [normalNumber('1.5e-130'), normalNumber('-1e-130')],
  ])('is no sum that cannot be stored: %s and %s', (a, b) => {
    expect(() => addNumbers(a, b, 1)).toThrow('number');
  });

  it.each([
    ['2', '10', -1],
    ['-2', '-10', 1],
    ['0.1', '0.09', 1],
    ['12345678901234567890', '12345678901234567891', -1],
    ['1.5', '1.5', 0],
    ['-0.5', '0', -1],
  ])('is compared as a number: %s and %s', (a, b, order) => {
    expect(Math.sign(compareNumbers(a, b))).toBe(order);
    expect(Math.sign(compareNumbers(b, a))).toBe(order === 0 ? 0 : -order);
  });
});
