import { ConfigurationError } from '../../core/errors/errors.ts';
import { checks } from './option-checks.ts';

/**
 * Checks what a user passed to `kafkaHandler`, in types and ranges; contradictions are found where options meet.
 *
 * @throws ConfigurationError naming the first property that is unknown, mistyped or out of range.
 */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigurationError('kafkaHandler', 'takes one object of options, with at least { handle }');
  }
  for (const [property, value] of Object.entries(options)) {
    const check = checks.get(property);
    if (check === undefined)
      throw new ConfigurationError(property, `is no option of kafkaHandler${suggestion(property)}`);
    if (value === undefined) continue;
    const fault = check(value);
    if (fault !== undefined) throw new ConfigurationError(property, fault);
  }
  if (isGiven(options, 'handle') || isGiven(options, 'handleMany')) return;
  throw new ConfigurationError(
    'handle',
    'is required: the function that handles one record (or handleMany, in the modes without claims)',
  );
}

function isGiven(options: object, property: string): boolean {
  return Reflect.get(options, property) !== undefined;
}

function suggestion(property: string): string {
  const near = [...checks.keys()].filter((known) => distance(known.toLowerCase(), property.toLowerCase()) <= 2);
  return near.length === 0
    ? `; the options are ${[...checks.keys()].join(', ')}`
    : `; did you mean ${near.join(' or ')}?`;
}

/** Levenshtein distance, for the suggestion only. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? Number.POSITIVE_INFINITY;
}
