import type { AttributeMap, AttributeValue } from '../../../core/effects/attribute-value.ts';
import { InvalidEffectError } from '../refusals.ts';
import { normalNumber } from './number-text.ts';
import type { Item, Members, Value } from './value.ts';

/** DynamoDB's limit of 32 levels, the attribute itself being the first. */
export const deepestContainer = 31;

/**
 * The value of an attribute, checked as DynamoDB checks it: one type, no empty set, nothing twice in a set, numbers in
 * range, names that are not empty, at most 32 levels.
 *
 * Throws an `InvalidEffectError`.
 */
function readAttribute(value: AttributeValue, level = 1): Value {
  const types = Object.keys(value).length;
  if (types !== 1) throw new InvalidEffectError(`a value has ${types} types instead of one`);
  if ('S' in value) return { type: 'S', text: value.S.toWellFormed() };
  if ('N' in value) return { type: 'N', text: normalNumber(value.N) };
  if ('BOOL' in value) return { type: 'BOOL', is: value.BOOL };
  if ('M' in value) return { type: 'M', members: readMembers(value.M, nextLevel(level)) };
  if ('L' in value) {
    const inside = nextLevel(level);
    return { type: 'L', elements: value.L.map((element) => readAttribute(element, inside)) };
  }
  if ('NULL' in value) return readNull(value.NULL);
  if ('B' in value) return { type: 'B', text: bytesText(value.B) };
  if ('SS' in value) return { type: 'SS', texts: readSet(value.SS.map((text) => text.toWellFormed())) };
  if ('NS' in value) return { type: 'NS', texts: readSet(value.NS.map(normalNumber)) };
  if ('BS' in value) return { type: 'BS', texts: readSet(value.BS.map(bytesText)) };
  throw new InvalidEffectError('a value has a type that there is not');
}

/** All attributes of an item, a key or a list of values. */
export function readAttributes(attributes: AttributeMap): Item {
  return readMembers(attributes, 1);
}

function readMembers(members: AttributeMap, level: number): Members {
  const read = new Map<string, Value>();
  for (const [name, member] of Object.entries(members)) {
    if (name === '') throw new InvalidEffectError('the name of an attribute is empty');
    read.set(name, readAttribute(member, level));
  }
  return read;
}

function readNull(value: unknown): Value {
  if (value !== true) throw new InvalidEffectError('a value of type NULL must be true');
  return { type: 'NULL' };
}

function readSet(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) throw new InvalidEffectError('a set is empty');
  const unique = new Set(texts);
  if (unique.size < texts.length) throw new InvalidEffectError('a set has a member twice');
  return [...unique].sort();
}

function bytesText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function nextLevel(level: number): number {
  if (level > deepestContainer) throw new InvalidEffectError('a value is nested deeper than 32 levels');
  return level + 1;
}
