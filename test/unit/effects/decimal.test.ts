import { describe, expect, it } from 'vitest';
import { decimalOf } from '../../../lib/core/effects/decimal.ts';

describe('decimalOf', () => {
  it.each(['1', '+1', '-1', '.5', '5.', '1e5', '1E+5', '0e999', '1E-130', `9.${'9'.repeat(37)}E+125`, '0'.repeat(400)])(
    'takes what DynamoDB takes: %s',
    (text) => {
      expect(decimalOf(text)).toBeDefined();
    },
  );

  it.each([
    '',
    '-',
    '.',
    ' 1',
    '1 ',
    '0x10',
    '1_0',
    '1e',
    '--1',
    'NaN',
    'Infinity',
    '1d',
    '1,5',
    '1e1.5',
    '1E+126',
    '1E-131',
    '1'.repeat(39),
    '0'.repeat(401),
  ])('takes nothing else: %s', (text) => {
    expect(decimalOf(text)).toBeUndefined();
  });

  it('has one form for each number', () => {
    expect(decimalOf('-0012.3400e2')).toEqual({ negative: true, digits: '1234', exponent: 0 });
    expect(decimalOf('-0.0')).toEqual({ negative: false, digits: '', exponent: 0 });
    expect(decimalOf('100')).toEqual({ negative: false, digits: '1', exponent: 2 });
  });
});
