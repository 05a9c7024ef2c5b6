/** The members of `safeMembers` as a line of JSON. */
export function safeJsonLine(head: Readonly<Record<string, string>>, fields: object): string {
  try {
    return JSON.stringify(safeMembers(head, fields));
  } catch {
    return JSON.stringify(head);
  }
}

/**
 * Anything as an object that `JSON.stringify` takes, without ever throwing: first the members of `head`, which win, then
 * those of `fields`.
 *
 * A bigint becomes its digits as a string, an error its name and message (and cause), bytes their number, a value met again
 * within itself `[cyclic]`, and a function is left out. What cannot be read (a getter or `toJSON` that throws) becomes
 * `[unreadable]`; fields that cannot even be listed become one member `fields`.
 */
export function safeMembers(head: Readonly<Record<string, string>>, fields: object): object {
  const members = plain(fields, []);
  const rest = typeof members === 'object' ? members : { fields: members };
  return { ...head, ...rest, ...head };
}

const deepestLevel = 32;

/** `ancestors` are the objects that hold `value`. */
function plain(value: unknown, ancestors: readonly object[]): unknown {
  if (typeof value === 'bigint') return value.toString();
  // A function may have a toJSON of its own.
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) return '[cyclic]';
  if (ancestors.length >= deepestLevel) return '[deeper]';
  try {
    return plainObject(value, [...ancestors, value]);
  } catch {
    return '[unreadable]';
  }
}

function plainObject(value: object, ancestors: readonly object[]): unknown {
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return plainError(value, ancestors);
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(''), ancestors);
  if (Array.isArray(value)) return value.map((element: unknown) => plain(element, ancestors));
  const members: [string, unknown][] = [];
  for (const name of Object.keys(value)) {
    members.push([name, plainMember(value, name, ancestors)]);
  }
  return Object.fromEntries(members);
}

function plainMember(of: object, name: string, ancestors: readonly object[]): unknown {
  try {
    return plain(Reflect.get(of, name), ancestors);
  } catch {
    return '[unreadable]';
  }
}

function plainError(error: Error, ancestors: readonly object[]): unknown {
  const fields = { name: String(error.name), message: String(error.message) };
  return error.cause === undefined ? fields : { ...fields, cause: plain(error.cause, ancestors) };
}
