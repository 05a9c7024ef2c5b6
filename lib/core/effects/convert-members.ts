import { isPlainObject } from '../idempotency-key/plain-object.ts';
import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import type { Refuse } from './refuse.ts';

/** Makes an attribute value, and a copy, of what a handler gave. `level` counts from 1, at an attribute of the item. */
export type Convert = (value: unknown, property: string, refuse: Refuse, level: number) => AttributeValue;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (nested attribute depth) */
const deepestLevel = 32;

/** The members of an item, a key, or a map at this level. Undefined members are dropped, as in JSON. */
export function convertMap(
  value: unknown,
  property: string,
  refuse: Refuse,
  convert: Convert,
  level = 0,
): AttributeMap {
  if (!isPlainObject(value)) {
    throw refuse(property, 'must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB');
  }
  refuseDepth(property, refuse, level);
  const members: [string, AttributeValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    if (name === '') throw refuse(property, 'has an attribute without a name');
    members.push([name, convert(member, `${property}.${name}`, refuse, level + 1)]);
  }
  return Object.fromEntries(members);
}

/** The elements of a list at this level. */
export function convertList(
  value: readonly unknown[],
  property: string,
  refuse: Refuse,
  convert: Convert,
  level: number,
): AttributeValue[] {
  refuseDepth(property, refuse, level);
  // Array.from also visits holes, which `map` would leave as they are.
  return Array.from(value, (element, i) => convert(element, `${property}[${i}]`, refuse, level + 1));
}

function refuseDepth(property: string, refuse: Refuse, level: number): void {
  if (level >= deepestLevel) throw refuse(property, `contains itself, or is nested deeper than ${deepestLevel} levels`);
}
