import { InvalidEffectError } from '../refusals.ts';
import type { Item } from '../values/value.ts';
import type { KeySchema } from './memory-table.ts';

/**
 * One text for each item of a table: what stands between slashes in a name for people, too.
 *
 * Throws an `InvalidEffectError` if a key attribute is missing, of another type than the table's, empty or too long.
 */
export function itemKey(schema: KeySchema, attributes: Item): string {
  const texts = schema.map(({ name, type, mostBytes }) => {
    const value = attributes.get(name);
    if (value === undefined) throw new InvalidEffectError(`the key attribute ${name} is missing`);
    if (value.type !== type || !('text' in value)) {
      throw new InvalidEffectError(`the key attribute ${name} must be of type ${type}, and is of type ${value.type}`);
    }
    if (value.text === '') throw new InvalidEffectError(`the key attribute ${name} is empty`);
    const bytes = type === 'S' ? Buffer.byteLength(value.text) : value.text.length;
    if (bytes > mostBytes) throw new InvalidEffectError(`the key attribute ${name} has over ${mostBytes} bytes`);
    return value.text;
  });
  const [partition = '', sort] = texts;
  return sort === undefined ? partition : `${partition.length}:${partition}/${sort}`;
}

/** The same of a key, which has no other attributes. */
export function wholeKey(schema: KeySchema, key: Item): string {
  const found = itemKey(schema, key);
  if (key.size !== schema.length) throw new InvalidEffectError('its key has attributes that are no key attributes');
  return found;
}
