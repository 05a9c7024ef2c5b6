import { isPlainObject } from './plain-object.ts';

/** Thrown while encoding a value that has no canonical form; its message says what was met, never with which contents. */
export class NotCanonicalError extends Error {
  override readonly name = 'NotCanonicalError';
}

/** What an encoding takes, beside plain JSON-like values. */
export interface EncodingRules {
  /** Encodes what the encoding itself does not know: undefined members of arrays, unsafe numbers, other objects. */
  readonly other: (value: unknown, encodeMember: (member: unknown) => string) => string;
  /** How many values may be nested in all; bounds the work for a value that holds one object in many places. */
  readonly maxValues: number;
}

const maxDepth = 200;

/**
 * One text for each JSON-like value, and one value for each text.
 *
 * Strings are quoted, members of objects sorted and named, bytes and dates tagged, so nothing can pass for something
 * else. A number and a bigint that are the same integer are the same; so are 0 and -0, and an absent and an undefined
 * member of an object.
 */
export function encode(root: unknown, rules: EncodingRules): string {
  const open = new Set<object>();
  let values = 0;

  const encodeObject = (value: object): string => {
    if (Array.isArray(value)) return `[${Array.from(value, encodeValue).join(',')}]`;
    if (value instanceof Uint8Array)
      return `b"${Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')}"`;
    if (!isPlainObject(value)) return rules.other(value, encodeValue);
    const members: string[] = [];
    for (const name of Object.keys(value).sort()) {
      const member = value[name];
      if (member !== undefined) members.push(`${JSON.stringify(name)}:${encodeValue(member)}`);
    }
    return `{${members.join(',')}}`;
  };

  const encodeValue = (value: unknown): string => {
    values += 1;
    if (values > rules.maxValues) throw new NotCanonicalError('too many values');
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'bigint':
        return String(value);
      case 'number':
        if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return String(value);
        return rules.other(value, encodeValue);
      case 'object': {
        if (value === null) return 'null';
        if (open.has(value)) throw new NotCanonicalError('a value that contains itself');
        if (open.size >= maxDepth) throw new NotCanonicalError(`more than ${maxDepth} values inside each other`);
        open.add(value);
        const encoded = encodeObject(value);
        open.delete(value);
        return encoded;
      }
      default:
        return rules.other(value, encodeValue);
    }
  };

  return encodeValue(root);
}
