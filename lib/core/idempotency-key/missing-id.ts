import { isPlainObject } from './plain-object.ts';

/**
 * Whether a business ID says nothing: undefined, null, an empty string, array or object, no bytes.
 *
 * An array is a composite and says nothing as soon as one member does not: half an ID would be shared by records that
 * have nothing else in common. The same goes for an object with an undefined member, or with nothing but missing ones;
 * a null beside others in an object is a value. `false` and `0` are values.
 */
export function isMissingId(id: unknown): boolean {
  if (id === undefined || id === null || id === '') return true;
  if (id instanceof Uint8Array) return id.length === 0;
  if (Array.isArray(id)) return id.length === 0 || id.some(isMissingId);
  if (!isPlainObject(id)) return false;
  const members = Object.values(id);
  return members.includes(undefined) || members.every(isMissingId);
}
