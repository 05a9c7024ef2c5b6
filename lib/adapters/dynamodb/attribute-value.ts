import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { StorableValue } from '../storable-value.ts';

/** The attribute value of a result, in the native types that Powertools uses too. */
export function toAttributeValue(value: StorableValue): AttributeValue {
  if (value === null) {
    return { NULL: true };
  }
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'number':
    case 'bigint':
      return { N: value.toString() };
    default:
      return isList(value) ? { L: value.map(toAttributeValue) } : { M: mapValues(value, toAttributeValue) };
  }
}

/** A plain value from an attribute: integers beyond 2^53 become bigint, sets become arrays. */
export function fromAttributeValue(value: AttributeValue): unknown {
  if (value.S !== undefined) {
    return value.S;
  }
  if (value.N !== undefined) {
    return toNumber(value.N);
  }
  if (value.BOOL !== undefined) {
    return value.BOOL;
  }
  if (value.M !== undefined) {
    return mapValues(value.M, fromAttributeValue);
  }
  if (value.L !== undefined) {
    return value.L.map(fromAttributeValue);
  }
  if (value.NS !== undefined) {
    return value.NS.map(toNumber);
  }
  return value.SS ?? value.B ?? value.BS ?? null;
}

/** DynamoDB keeps up to 38 digits; a longer integer has lost some of them already. */
const wholeInteger = /^-?\d{1,38}$/;

function toNumber(text: string): number | bigint {
  const value = Number(text);
  return !Number.isSafeInteger(value) && wholeInteger.test(text) ? BigInt(text) : value;
}

function isList(value: object): value is readonly StorableValue[] {
  return Array.isArray(value);
}

function mapValues<From, To>(
  members: Readonly<Record<string, From>>,
  change: (member: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member)]));
}
