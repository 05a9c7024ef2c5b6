import { ConfigurationError } from '../errors/errors.ts';

/** One step of a path, taken from what the steps before it have found. */
export type PathStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'list'; readonly members: readonly Path[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, path: Path])[] };

/** The steps of a path expression in their order; none for `@`, the value itself. */
export type Path = readonly PathStep[];

/** What to say of a word that should have been in quotes, `x-event-id` for example; empty if there is no such word. */
function quotesHint(text: string, at: number): string {
  for (const { 0: word, index } of text.matchAll(/[\w\u0080-\uffff-][\w$\u0080-\uffff-]*/g)) {
    const isHere = index <= at && at < index + word.length;
    if (isHere && /[a-z\u0080-\uffff]/i.test(word) && !/^[a-z_]\w*$/i.test(word)) {
      return ` Did you mean "${word}"? A name with other signs than letters, digits and _ needs double quotes.`;
    }
  }
  return '';
}

/**
 * Reads a path expression, the part of JMESPath that only walks and gathers: `a.b`, `"quoted name"`, `a[0]`, `a[-1]`,
 * `[a, b.c]`, `{x: a, y: b}`, `@`. It means what it means in JMESPath.
 *
 * @throws ConfigurationError for anything else, with the place; `property` is the name of the option.
 */
export function parsePath(text: string, property: string): Path {
  let at = 0;

  function refuse(expected: string): never {
    const [sign] = text.slice(at);
    const found = sign === undefined ? 'its end' : `'${sign}'`;
    throw new ConfigurationError(
      property,
      `'${text}' is no path expression: ${expected} expected at character ${at + 1}, not ${found}.${quotesHint(text, at)} ` +
        "jmespath('…') from 'kafka-once/jmespath' takes the whole of JMESPath",
    );
  }

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  }

  function takeSign(sign: string): boolean {
    take(/[ \t\n\r]+/y);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  }

  function name(expected: string): string {
    take(/[ \t\n\r]+/y);
    const start = at;
    const plain = take(/[A-Za-z_]\w*/y);
    if (plain !== null) return plain[0];
    const quoted = take(/"(?:[^"\\]|\\.)*"/sy);
    if (quoted === null) return refuse(expected);
    try {
      return String(JSON.parse(quoted[0]));
    } catch {
      at = start;
      return refuse('a name that is quoted as JSON quotes strings');
    }
  }

  function index(): PathStep | undefined {
    const found = take(/[ \t\n\r]*\[[ \t\n\r]*(-?\d+)[ \t\n\r]*\]/y);
    return found === null ? undefined : { kind: 'index', index: Number(found[1]) };
  }

  function members<Member>(end: string, member: () => Member): readonly Member[] {
    const found = [member()];
    while (takeSign(',')) found.push(member());
    return takeSign(end) ? found : refuse(`',' or '${end}'`);
  }

  function named(): readonly [string, Path] {
    const own = name('a name');
    return takeSign(':') ? [own, path()] : refuse("':'");
  }

  function selection(): PathStep {
    if (takeSign('[')) return { kind: 'list', members: members(']', path) };
    if (takeSign('{')) return { kind: 'object', members: members('}', named) };
    return { kind: 'name', name: name("a name, '[' or '{'") };
  }

  function path(): Path {
    const steps: PathStep[] = takeSign('@') ? [] : [index() ?? selection()];
    for (;;) {
      const indexed = index();
      if (indexed !== undefined) steps.push(indexed);
      else if (takeSign('.')) steps.push(selection());
      else return steps;
    }
  }

  const whole = path();
  return at === text.length ? whole : refuse("'.', an index such as [0] or the end");
}
