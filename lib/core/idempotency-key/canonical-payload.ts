import { encode, NotCanonicalError } from './encode.ts';

/** Bounds the time that one value may take; beyond it the bytes of the record serve as well. */
const maxPayloadValues = 1_000_000;

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function encodeOther(value: unknown, encodeMember: (member: unknown) => string): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return Number.isFinite(value) ? String(BigInt(value)) : String(value);
  if (value instanceof Date) return `d${value.getTime()}`;
  if (value instanceof Map) {
    const entries = Array.from(value, ([name, member]) => `${encodeMember(name)}:${encodeMember(member)}`);
    return `m{${entries.sort().join(',')}}`;
  }
  if (value instanceof Set) return `s[${Array.from(value, encodeMember).sort().join(',')}]`;
  if (typeof value === 'object' && value !== null && hasToJson(value)) return `j${encodeMember(value.toJSON())}`;
  throw new NotCanonicalError('a value without a stable form');
}

/**
 * A stable text for a decoded value, whatever a schema made of it; undefined if it has none (a function, a class
 * without `toJSON`, a value that contains itself).
 *
 * As `canonical`, and also: any number, undefined, Map, Set, and objects by their `toJSON` (URL, Temporal, decimals).
 */
export function canonicalPayload(value: unknown): string | undefined {
  try {
    return encode(value, { other: encodeOther, maxValues: maxPayloadValues });
  } catch {
    return undefined;
  }
}
