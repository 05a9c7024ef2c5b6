import { isPlainObject } from '../idempotency-key/plain-object.ts';
import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import { refuse } from './refuse.ts';

/** Makes an attribute value, and a copy, of what a handler gave. `level` counts from 1, at an attribute of the item. */
export type Convert = (value: unknown, property: string, level: number) => AttributeValue;

/**
 * How deep values may be nested; an attribute of the item is the first level.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html)
 */
export const deepestLevel = 32;

/** The members of an item, a key, or a map at this level. Undefined members are dropped, as in JSON. */
export function convertMap(value: unknown, property: string, convert: Convert, level = 0): AttributeMap {
  if (!isPlainObject(value)) {
    refuse(property, 'must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB');
  }
  refuseDepth(property, level);
  const members: [string, AttributeValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    if (name === '') refuse(property, 'has an attribute without a name');
    members.push([name, convert(member, `${property}.${name}`, level + 1)]);
  }
  return Object.fromEntries(members);
}

/** The elements of a list at this level. */
export function convertList(
  value: readonly unknown[],
  property: string,
  convert: Convert,
  level: number,
): AttributeValue[] {
  refuseDepth(property, level);
  // Array.from also visits holes, which `map` would leave as they are.
  return Array.from(value, (element, i) => convert(element, `${property}[${i}]`, level + 1));
}

function refuseDepth(property: string, level: number): void {
  if (level >= deepestLevel) refuse(property, `contains itself, or is nested deeper than ${deepestLevel} levels`);
}
