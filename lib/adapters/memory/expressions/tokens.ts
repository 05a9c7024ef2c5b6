import { InvalidEffectError } from '../refusals.ts';

/**
 * - `word`: an attribute's name, a function or a keyword
 * - `name`: `#name`; `value`: `:value`
 * - `index`: of a list
 * - `symbol`: anything else; the one at the end is empty
 */
export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'index' | 'symbol';
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly at: number;
}

const pattern =
  /[ \t\r\n]+|(?<word>[A-Za-z]\w*)|(?<name>#\w+)|(?<value>:\w+)|(?<index>0|[1-9]\d*)|(?<symbol><>|<=|>=|[=<>(),.[\]+-])/y;
const kinds = ['word', 'name', 'value', 'index', 'symbol'] as const;

/** The tokens of an expression, the end included. Throws an `InvalidEffectError` for a character that has no place in one. */
export function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    pattern.lastIndex = at;
    const groups = pattern.exec(expression)?.groups;
    if (groups === undefined) throw new InvalidEffectError(`syntax error at character ${at + 1}`);
    for (const kind of kinds) {
      const text = groups[kind];
      if (text !== undefined) tokens.push({ kind, text, at: at + 1 });
    }
    at = pattern.lastIndex;
  }
  tokens.push({ kind: 'symbol', text: '', at: at + 1 });
  return tokens;
}
