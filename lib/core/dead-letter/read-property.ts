/** A property that was read, or one whose getter or trap threw. */
export type PropertyRead = { readonly readable: true; readonly value: unknown } | { readonly readable: false };

/** Reads a property of anything a handler may throw; a getter or proxy that throws is answered, not passed on. */
export function readProperty(holder: object, name: string | number): PropertyRead {
  try {
    const value: unknown = Reflect.get(holder, name);
    return { readable: true, value };
  } catch {
    return { readable: false };
  }
}

/** The property where it is a string, else undefined. */
export function readString(holder: object, name: string): string | undefined {
  const read = readProperty(holder, name);
  return read.readable && typeof read.value === 'string' ? read.value : undefined;
}
