export type Given = Readonly<Record<string, unknown>>;

/** Why an effect cannot be taken, before it is known which one of which record it is. */
export class Refusal extends Error {
  readonly property: string;
  /** It is too large or too much, not wrong. */
  readonly isLimit: boolean;

  constructor(property: string, problem: string, isLimit: boolean) {
    super(problem);
    this.property = property;
    this.isLimit = isLimit;
  }
}

/** Says what is wrong, as a path (`item.lines[0].price`), and why, without any value. */
export function refuse(property: string, problem: string): never {
  throw new Refusal(property, problem, false);
}

export function refuseOver(limit: number, property: string, amount: number, unit: string): void {
  if (amount > limit) throw new Refusal(property, `has ${amount} ${unit}, over ${limit}`, true);
}

/** Refuses members that mean nothing: a misspelt `condition` would be a condition that always holds. */
export function refuseUnknown(given: Given, known: readonly string[], prefix: string): void {
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !known.includes(name)) {
      refuse(prefix + name, `is not known here (${known.join(', ')})`);
    }
  }
}

export function readText(value: unknown, property: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(property, 'must be a text that is not empty');
}
