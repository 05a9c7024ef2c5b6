import type { AttributeMap, AttributeValue } from './attribute-value.ts';
import type { Effect } from './effect.ts';
import { refuse } from './refuse.ts';

/** Names and values of an expression that is generated, under placeholders that nothing the user wrote can mean. */
export class Placeholders {
  readonly #stem: string;
  readonly #names = new Map<string, string>();
  readonly #values: [string, AttributeValue][] = [];

  /** @param taken all of the user's expressions and placeholders. */
  constructor(taken: string) {
    let stem = 'g';
    while (taken.includes(`#${stem}`) || taken.includes(`:${stem}`)) stem += '_';
    this.#stem = stem;
  }

  /** The placeholder of an attribute's name, the same each time. */
  name(attribute: string): string {
    const placeholder = this.#names.get(attribute) ?? `#${this.#stem}${this.#names.size}`;
    this.#names.set(attribute, placeholder);
    return placeholder;
  }

  value(value: AttributeValue): string {
    const placeholder = `:${this.#stem}${this.#values.length}`;
    this.#values.push([placeholder, value]);
    return placeholder;
  }

  get names(): Record<string, string> {
    return Object.fromEntries(Array.from(this.#names, ([attribute, placeholder]) => [placeholder, attribute]));
  }

  get values(): AttributeMap {
    return Object.fromEntries(this.#values);
  }
}

/**
 * Refuses a placeholder that is used and not given, or given and not used.
 *
 * DynamoDB refuses both without saying which effect it means. Its expressions have no literals, so that `#` and `:` stand
 * nowhere else (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html).
 */
export function checkPlaceholders(effect: Effect): void {
  const expressions = `${effect.condition ?? ''} ${effect.kind === 'update' ? effect.update : ''}`;
  const used = new Set<string>(expressions.match(/[#:]\w+/g));
  const given = new Set([...Object.keys(effect.names ?? {}), ...Object.keys(effect.values ?? {})]);
  for (const placeholder of used) if (!given.has(placeholder)) refuse(placeholder, 'is used, and has no name or value');
  for (const placeholder of given) {
    if (!used.has(placeholder)) refuse(placeholder, 'is used in no expression (names begin with #, values with :)');
  }
}
