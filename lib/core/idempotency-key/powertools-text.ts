import { isPlainObject } from './plain-object.ts';

/** Powertools' order of names, its treatment of names that differ in case only (they stay as they came) included. */
function byLowerCase(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}

function objectText(value: Readonly<Record<string, unknown>>): string | undefined {
  const sorted: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(value).sort(byLowerCase)) sorted[name] = value[name];
  const members: string[] = [];
  // Read back from an object, because JavaScript puts names that are integers first, and so does Powertools.
  for (const [name, member] of Object.entries(sorted)) {
    if (member === undefined) continue;
    const text = powertoolsText(member);
    if (text === undefined) return undefined;
    members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

function arrayText(values: readonly unknown[]): string | undefined {
  const members: string[] = [];
  for (const member of values) {
    const text = powertoolsText(member ?? null);
    if (text === undefined) return undefined;
    members.push(text);
  }
  return `[${members.join(',')}]`;
}

/**
 * The text that Powertools idempotency (TypeScript, 2.35) hashes for a JSON value; undefined for any other value.
 *
 * Powertools cannot take a bigint; here it is written with all its digits.
 */
export function powertoolsText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'string':
    case 'number':
    case 'boolean':
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return arrayText(value);
      return isPlainObject(value) ? objectText(value) : undefined;
    default:
      return undefined;
  }
}
