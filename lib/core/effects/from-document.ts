import { attributeSet } from './attribute-set.ts';
import type { AttributeValue } from './attribute-value.ts';
import { convertList, convertMap } from './convert-members.ts';
import { decimalOf } from './decimal.ts';
import { refuse } from './refuse.ts';

/**
 * The attribute value of a plain JavaScript value, deeply copied.
 *
 * Takes strings, numbers, bigint, booleans, null, Uint8Array, sets, arrays and plain objects. Nothing is rounded, turned
 * into another value or left out but undefined members of objects: what has no exact form is refused.
 */
export function fromDocument(value: unknown, property: string, level = 1): AttributeValue {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) refuse(property, 'a text with half a surrogate pair has no form in UTF-8');
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'number':
    case 'bigint':
      return { N: numberText(value, property) };
    case 'object':
      return value === null ? { NULL: true } : fromObject(value, property, level);
    default:
      refuse(property, `${typeof value} has no form in DynamoDB`);
  }
}

function numberText(value: number | bigint, property: string): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(property, `${value} has no form in DynamoDB`);
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      refuse(property, 'a number beyond 2^53 - 1 may have been rounded: give it as a bigint');
    }
  }
  const text = String(value);
  if (decimalOf(text) === undefined) {
    refuse(property, 'the number has more than 38 digits, or is outside the range from 1e-130 to 1e126');
  }
  return text;
}

function fromObject(value: object, property: string, level: number): AttributeValue {
  if (Array.isArray(value)) return { L: convertList(value, property, fromDocument, level) };
  if (value instanceof Uint8Array) return { B: Uint8Array.from(value) };
  const members = value instanceof Set ? [...value] : membersOfWrappedSet(value);
  if (members === undefined) return { M: convertMap(value, property, fromDocument, level) };
  // A level of nesting is not counted for sets: they hold scalars only.
  return attributeSet(convertList(members, property, fromDocument, 1), property);
}

/** What ElectroDB without a client, and the DocumentClient of SDK version 2, make of a set. */
function membersOfWrappedSet(value: object): readonly unknown[] | undefined {
  return 'wrapperName' in value && value.wrapperName === 'Set' && 'values' in value && Array.isArray(value.values)
    ? value.values
    : undefined;
}
