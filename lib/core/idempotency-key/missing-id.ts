import { isPlainObject } from './plain-object.ts';

/** IDs nested deeper than this have no canonical form anyway. */
const maxDepth = 200;

function isMissing(id: unknown, known: Map<object, boolean>, depth: number): boolean {
  if (id === undefined || id === null || id === '') return true;
  if (typeof id !== 'object' || depth > maxDepth) return false;
  if (id instanceof Uint8Array) return id.length === 0;
  const before = known.get(id);
  if (before !== undefined) return before;
  // Stands for the ID while its members are looked at, should it contain itself.
  known.set(id, false);
  const isMissingMember = (member: unknown): boolean => isMissing(member, known, depth + 1);
  let missing = false;
  if (Array.isArray(id)) {
    missing = id.length === 0 || id.some(isMissingMember);
  } else if (isPlainObject(id)) {
    const members = Object.values(id);
    missing = members.includes(undefined) || members.every(isMissingMember);
  }
  known.set(id, missing);
  return missing;
}

/**
 * Whether a business ID says nothing: undefined, null, an empty string, array or object, no bytes.
 *
 * An array is a composite and says nothing as soon as one member does not: half an ID would be shared by records that
 * have nothing else in common. The same goes for an object with an undefined member, or with nothing but missing ones;
 * a null beside others in an object is a value. `false` and `0` are values.
 */
export function isMissingId(id: unknown): boolean {
  return isMissing(id, new Map(), 0);
}
