import fc from 'fast-check';
import { it } from 'vitest';
import { addNumbers, compareNumbers, normalNumber } from '../../../lib/adapters/memory/values/number-text.ts';

/** An integer and the number that it is a number of thousandths of. */
const thousandths = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const text = (of: bigint) => normalNumber(`${of}e-3`);

it('numbers add, subtract and compare as the integers do that they are thousandths of', () => {
  fc.assert(
    fc.property(thousandths, thousandths, (a, b) => {
      const order = a === b ? 0 : a < b ? -1 : 1;
      return (
        addNumbers(text(a), text(b), 1) === text(a + b) &&
        addNumbers(text(a), text(b), -1) === text(a - b) &&
        Math.sign(compareNumbers(text(a), text(b))) === order
      );
    }),
  );
});

it('a number has one normal form, however it is written', () => {
  fc.assert(
    fc.property(thousandths, fc.nat({ max: 5 }), fc.nat({ max: 5 }), (of, zeros, shift) => {
      const sign = of < 0n ? '-' : '';
      const digits = `${'0'.repeat(zeros)}${of < 0n ? -of : of}`;
      const shifted = `${sign}${digits}${'0'.repeat(shift)}E-${3 + shift}`;
      return normalNumber(shifted) === text(of) && normalNumber(text(of)) === text(of);
    }),
  );
});
