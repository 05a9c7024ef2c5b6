/**
 * Makes the error that refuses an effect: what is wrong, as a path (`item.lines[0].price`), and why, without any value.
 */
export type Refuse = (property: string, problem: string) => Error;

export type Given = Readonly<Record<string, unknown>>;

/** Refuses members that mean nothing: a misspelt `condition` would be a condition that always holds. */
export function refuseUnknown(given: Given, known: readonly string[], prefix: string, refuse: Refuse): void {
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !known.includes(name)) {
      throw refuse(prefix + name, `is not known here (${known.join(', ')})`);
    }
  }
}

export function readText(value: unknown, property: string, refuse: Refuse): string {
  if (typeof value !== 'string' || value === '') throw refuse(property, 'must be a text that is not empty');
  return value;
}
