/**
 * What CloudWatch Logs makes of a line by a JSON filter pattern, for the part of the syntax that the constructs use: one or
 * more comparisons `$.path = "text"` or `$.path >= number`, joined by `&&`. Anything else throws.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function matches(pattern: string, line: string): boolean {
  const event = parsed(line);
  if (event === undefined) return false;
  const inner = /^\{ (.+) \}$/.exec(pattern)?.[1];
  if (inner === undefined) throw new Error(`no JSON pattern: ${pattern}`);
  const comparisons = inner.startsWith('(') ? inner.slice(1, -1).split(') && (') : [inner];
  return comparisons.every((comparison) => holds(comparison, event));
}

/** The number that a metric filter takes from a line that matches: a literal, or the field that `$.path` names. */
export function metricValue(value: string, line: string): number {
  const found = value.startsWith('$') ? at(value, parsed(line)) : Number(value);
  if (typeof found !== 'number' || !Number.isFinite(found)) throw new Error(`${value} is no number in ${line}`);
  return found;
}

function holds(comparison: string, event: unknown): boolean {
  const [, path = '', operator, operand = ''] = /^(\$[\w.]+) (=|>=) (.+)$/.exec(comparison) ?? [];
  const value = at(path, event);
  if (operator === '=' && /^"[^"*]+"$/.test(operand)) return value === operand.slice(1, -1);
  if (operator === '>=' && /^-?[\d.]+$/.test(operand)) return typeof value === 'number' && value >= Number(operand);
  throw new Error(`not in the part of the syntax that is known: ${comparison}`);
}

function at(path: string, event: unknown): unknown {
  let value = event;
  for (const name of path.split('.').slice(1)) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
