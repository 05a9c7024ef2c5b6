import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusinessIdError } from '../../../lib/core/errors/errors.ts';
import { canonical } from '../../../lib/core/idempotency-key/canonical.ts';
import { canonicalPayload } from '../../../lib/core/idempotency-key/canonical-payload.ts';
import { idValue, reversed, sameId } from './values.ts';

describe('canonical', () => {
  it('gives two values one text exactly if they are one ID', () => {
    fc.assert(
      fc.property(idValue, idValue, (one, other) => {
        expect(canonical(one) === canonical(other)).toBe(sameId(one, other));
      }),
      { numRuns: 3000 },
    );
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(idValue, (value) => {
        expect(canonical(reversed(value))).toBe(canonical(value));
      }),
    );
  });

  it('does not depend on how an integer was decoded', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (integer) => {
        expect(canonical([BigInt(integer)])).toBe(canonical([integer]));
      }),
    );
  });

  it('is a text or a BusinessIdError for anything', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        try {
          expect(canonical(value)).toBeTypeOf('string');
          expect(canonicalPayload(value)).toBe(canonical(value));
        } catch (error) {
          expect(error).toBeInstanceOf(BusinessIdError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('canonicalPayload', () => {
  it('never throws', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(['string', 'undefined']).toContain(typeof canonicalPayload(value));
      }),
      { numRuns: 1000 },
    );
  });
});
