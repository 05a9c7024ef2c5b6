import { isObject } from '../../lib/core/event/is-object.ts';

/** The same text for the same value of a template, whatever the order of its properties; undefined for none. */
export function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part,
  );
}
