import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { type Context, type ContextName, contextExamples, exampleCommand } from './context-names.ts';
import { isGiven } from './mistyped-names.ts';

/** Reads context values and gathers what is wrong with them, so that one synth tells everything. */
export class ContextReader {
  readonly problems: SettingsProblem[] = [];
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  has(name: ContextName): boolean {
    return isGiven(this.#context, name);
  }

  /** Says what is wrong with a value that is given: what it is, what is expected, and an example. */
  refuse(name: ContextName, expected: string): undefined {
    const given = JSON.stringify(this.#context[name]);
    this.problems.push({ property: name, message: `is ${given}; ${expected}, as in ${this.#example(name)}` });
    return undefined;
  }

  /** Says that a value is missing, why it is needed, and how it is given. */
  miss(name: ContextName, why: string, example: readonly ContextName[] = [name]): undefined {
    this.problems.push({ property: name, message: `is missing; ${why}: ${this.#example(...example)}` });
    return undefined;
  }

  /** Says that two values do not stand together. */
  contradict(name: ContextName, why: string): void {
    this.problems.push({ property: name, message: `${why}; leave it out` });
  }

  /** Says that a value belongs to another place. */
  displace(name: ContextName, why: string): void {
    this.problems.push({ property: name, message: `${why}, and Lambda and CloudWatch use those of their own Region` });
  }

  /** The text of a value, unchecked. */
  peek(name: ContextName): string | undefined {
    return this.#text(name);
  }

  /** Text, or a number or boolean in cdk.json that is the same text on the command line. */
  text(name: ContextName, pattern: RegExp, expected: string): string | undefined {
    if (!this.has(name)) return undefined;
    const text = this.#text(name);
    return text !== undefined && pattern.test(text) ? text : this.refuse(name, expected);
  }

  /** Values separated by commas, or an array in cdk.json. */
  list(name: ContextName, pattern: RegExp, expected: string): readonly string[] | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#context[name];
    const entries: readonly unknown[] = Array.isArray(value)
      ? value
      : String(value)
          .split(',')
          .map((entry) => entry.trim());
    const texts = entries.filter((entry): entry is string => typeof entry === 'string' && pattern.test(entry));
    return texts.length > 0 && texts.length === entries.length ? texts : this.refuse(name, expected);
  }

  /** Undefined where it was refused. */
  flag(name: ContextName): boolean | undefined {
    if (!this.has(name)) return false;
    const text = this.#text(name);
    return text === 'true' || (text === 'false' ? false : this.refuse(name, "expected is 'true' or 'false'"));
  }

  choice<Choice extends string>(name: ContextName, choices: readonly Choice[]): Choice | undefined {
    if (!this.has(name)) return undefined;
    const text = this.#text(name);
    return choices.find((choice) => choice === text) ?? this.refuse(name, `expected is one of ${choices.join(', ')}`);
  }

  whole(name: ContextName, least: number, most: number): number | undefined {
    if (!this.has(name)) return undefined;
    const text = this.#text(name) ?? '';
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    return this.refuse(name, `expected is a whole number from ${least} to ${most}`);
  }

  /** What another module's rule says of a value, under the name of the context value. */
  check(name: ContextName, problems: readonly SettingsProblem[]): void {
    for (const { message } of problems) {
      this.problems.push({ property: name, message: `${message}, as in -c ${name}=${contextExamples[name]}` });
    }
  }

  #text(name: ContextName): string | undefined {
    const value = this.#context[name];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
  }

  #example(...names: readonly ContextName[]): string {
    return exampleCommand(names, { msk: this.has('mskClusterArn') });
  }
}
