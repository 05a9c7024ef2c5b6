import type { SettingsProblem } from '../../lib/core/esm/settings.ts';
import { type Context, type ContextName, contextExamples } from './context-names.ts';

const names = Object.keys(contextExamples);

/**
 * Context values that look like one of ours and are none: left alone, they would leave a default in place unseen.
 *
 * Others are none of our business: CDK keeps its own there, and users those of other apps.
 */
export function mistypedNames(context: Context): readonly SettingsProblem[] {
  return Object.keys(context).flatMap((given) => {
    if (names.includes(given)) return [];
    const mistyped = names.find((name) => distance(plain(given), plain(name)) <= (name.length < 8 ? 1 : 2));
    const meant = mistyped === undefined ? names.filter((name) => isShortFor(name, given)) : [mistyped];
    const [first, ...others] = meant;
    if (first === undefined) return [];
    const are = others.length === 0 ? `${first} is` : `${meant.join(', ')} are`;
    const give = meant.map((name) => `-c ${name}=…`).join(' or ');
    const message = `is no context value of this app; ${are}. Give ${give}, or remove it from cdk.json, cdk.context.json or ~/.cdk.json`;
    return [{ property: given, message }];
  });
}

/**
 * Whether a name leaves out words of one of ours, or their ends, or goes on behind it: `secret`, `auth`, `rootCa`, `mskArn`,
 * `ordersTopicName`. What has a colon or a slash is CDK's.
 */
function isShortFor(name: string, given: string): boolean {
  if (/[:/]/.test(given)) return false;
  const short = plain(given);
  const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return (
    short.startsWith(plain(name)) ||
    (short.length > 2 && (isMadeOf(words, short) || isMadeOf(words, short.replace(/s$/, ''))))
  );
}

/** Whether a text is made of some of the words in their order, each whole or its first three letters and more. */
function isMadeOf(words: readonly string[], text: string): boolean {
  if (text === '') return true;
  return words.some((word, index) => {
    const rest = words.slice(index + 1);
    return [...word].some((_, at) => {
      const start = word.slice(0, at + 1);
      return (start === word || start.length > 2) && text.startsWith(start) && isMadeOf(rest, text.slice(start.length));
    });
  });
}

/** Whether a context value is given; CDK has `undefined` for none. */
export function isGiven(context: Context, name: ContextName): boolean {
  return context[name] !== undefined && context[name] !== null;
}

/** Case and separators do not count: `msk-cluster-arn` is meant as `mskClusterArn`. */
function plain(name: string): string {
  return name.replaceAll(/[-_. ]/g, '').toLowerCase();
}

/** Levenshtein's: insertions, deletions and replacements that make one of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, otherLetter] of [...other].entries()) {
      const replaced = (row[at] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
