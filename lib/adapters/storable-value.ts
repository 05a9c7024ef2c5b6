import { deepestLevel } from '../core/effects/convert-members.ts';
import { decimalOf } from '../core/effects/decimal.ts';
import { StoreError } from '../ports/store-error.ts';

/** What a store keeps of a handler's result. */
export type StorableValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly StorableValue[]
  | { readonly [name: string]: StorableValue };

const mostDigits = 38;

/**
 * Brings a handler's result into the form in which every store keeps it.
 *
 * As in JSON, `toJSON` is honoured, undefined members are dropped and undefined elements become null. An integer
 * beyond 2^53 becomes a bigint, any smaller bigint a number: so that it is read back as it was written.
 *
 * Throws a `StoreError` of kind `unstorable` for what has no such form: NaN and infinities, functions, symbols, maps,
 * sets, binary data, cycles, more than 32 levels, numbers beyond 38 digits or outside 1e-130 to 1e126
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
 */
export function toStorable(value: unknown): StorableValue {
  try {
    return convert(value, 1) ?? null;
  } catch (error) {
    if (error instanceof StoreError) {
      throw error;
    }
    // A getter, a `toJSON` or a proxy of the user's threw.
    throw unstorable('it could not be read');
  }
}

function convert(value: unknown, level: number): StorableValue | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'string':
      return value.toWellFormed();
    case 'boolean':
      return value;
    case 'number':
      return fromNumber(value);
    case 'bigint':
      return fromBigint(value);
    case 'object':
      return value === null ? null : fromObject(value, level);
    default:
      throw unstorable(`it holds a ${typeof value}`);
  }
}

function fromNumber(value: number): number | bigint {
  // No finite double has more than 17 digits, so only the range is in question; NaN and Infinity are no decimals.
  if (decimalOf(String(value)) === undefined) {
    throw unstorable('it holds a number that is not finite or out of range');
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 10 ** mostDigits) {
    return BigInt(value);
  }
  return value === 0 ? 0 : value;
}

function fromBigint(value: bigint): number | bigint {
  const asNumber = Number(value);
  if (Number.isSafeInteger(asNumber)) {
    return asNumber;
  }
  const digits = (value < 0n ? -value : value).toString().length;
  if (digits > mostDigits) {
    throw unstorable(`it holds an integer of ${digits} digits, more than ${mostDigits}`);
  }
  return value;
}

function fromObject(value: object, level: number): StorableValue | undefined {
  if (level >= deepestLevel) {
    throw unstorable(`it is cyclic or nested deeper than ${deepestLevel} levels`);
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return convert(value.toJSON(''), level + 1);
  }
  if (Array.isArray(value)) {
    return Array.from(value, (element: unknown) => convert(element, level + 1) ?? null);
  }
  if (value instanceof Map || value instanceof Set || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    throw unstorable('it holds a map, a set or binary data');
  }
  const members: [string, StorableValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    const converted = convert(member, level + 1);
    if (converted !== undefined) {
      members.push([name.toWellFormed(), converted]);
    }
  }
  return Object.fromEntries(members);
}

function unstorable(why: string): StoreError {
  return new StoreError('unstorable', `The handler's result cannot be stored: ${why}.`);
}
