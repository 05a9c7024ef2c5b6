import { InvalidEffectError } from '../refusals.ts';
import type { ValueType } from '../values/value.ts';
import type { ValueOperand } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What the placeholders of an effect's expressions stand for, and which of them were met. */
export interface Placeholders {
  readonly names: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, ValueType>;
  readonly used: Set<string>;
}

const mostBytes = 4096;
const mostOperators = 300;
const end: Token = { kind: 'symbol', text: '', at: 0 };

/**
 * Goes through the tokens of one expression. What does not fit throws an `InvalidEffectError` that says where.
 *
 * Limits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
 */
export class ExpressionReader {
  readonly #tokens: readonly Token[];
  readonly #placeholders: Placeholders;
  #next = 0;
  #operators = 0;

  constructor(expression: string, placeholders: Placeholders) {
    if (Buffer.byteLength(expression) > mostBytes) throw new InvalidEffectError('it is over 4 KB');
    this.#tokens = tokensOf(expression);
    this.#placeholders = placeholders;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? end;
  }

  next(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Passes over a symbol, if that is what comes next. */
  takes(symbol: string): boolean {
    const { kind, text } = this.peek();
    const isNext = kind === 'symbol' && text === symbol;
    if (isNext) this.#next += 1;
    return isNext;
  }

  /** Passes over a keyword, in any case, if that is what comes next. */
  takesWord(keyword: string): boolean {
    const { kind, text } = this.peek();
    const isNext = kind === 'word' && text.toUpperCase() === keyword;
    if (isNext) this.#next += 1;
    return isNext;
  }

  expect(symbol: string): void {
    if (!this.takes(symbol)) throw this.error();
  }

  expectEnd(): void {
    if (this.#next < this.#tokens.length - 1) throw this.error();
  }

  countOperator(): void {
    this.#operators += 1;
    if (this.#operators > mostOperators) throw new InvalidEffectError(`it has more than ${mostOperators} operators`);
  }

  nameBehind(placeholder: string): string {
    const name = this.#placeholders.names.get(placeholder);
    if (name === undefined) throw this.error('a #name that is not among its names');
    this.#placeholders.used.add(placeholder);
    return name;
  }

  /** The operand of a `:value`, which must come next. */
  value(): ValueOperand {
    const { kind, text } = this.peek();
    if (kind !== 'value') throw this.error();
    const type = this.#placeholders.values.get(text);
    if (type === undefined) throw this.error('a :value that is not among its values');
    this.#placeholders.used.add(text);
    this.#next += 1;
    return { kind: 'value', name: text, type };
  }

  /** That the next token is none that may stand there. It is not shown: some users build expressions of what records hold. */
  error(problem = 'syntax error'): InvalidEffectError {
    return new InvalidEffectError(`${problem} at character ${this.peek().at}`);
  }
}
