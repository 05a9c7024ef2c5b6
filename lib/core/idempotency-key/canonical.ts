import { BusinessIdError } from '../errors/errors.ts';
import { encode, NotCanonicalError } from './encode.ts';

const maxIdValues = 100_000;

function kindOf(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value)
        ? "a number beyond 2^53 - 1, which JSON has rounded (json({ integers: 'exact' }) keeps it)"
        : 'a number that is not finite';
    case 'object':
      return value instanceof Promise ? 'a promise (a business ID is computed synchronously)' : 'an object of a class';
    default:
      return `a value of type ${typeof value}`;
  }
}

function encodeOther(value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return `d${value.getTime()}`;
  throw new NotCanonicalError(kindOf(value));
}

/**
 * The text of a business ID: two IDs have one text exactly if they are one ID.
 *
 * Takes null, booleans, strings, finite numbers, bigint, bytes, dates, and arrays and plain objects of them. `1` and
 * `"1"` differ; `1` and `1n` do not, so that decoding integers exactly changes no ID; nor do objects with the same
 * members in another order. Fractions are compared as the doubles that JSON makes of them.
 *
 * @throws BusinessIdError for anything else: nothing is rounded or turned into a string silently.
 */
export function canonical(value: unknown): string {
  try {
    return encode(value, { other: encodeOther, maxValues: maxIdValues });
  } catch (error) {
    // Anything else comes from the value itself (a getter, a proxy) and may quote contents.
    const reason = error instanceof NotCanonicalError ? error.message : 'something that cannot be read';
    throw new BusinessIdError(`A business ID cannot hold ${reason}.`);
  }
}
