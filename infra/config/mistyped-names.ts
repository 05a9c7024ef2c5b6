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
    const meant = names.find((name) => distance(plain(given), plain(name)) <= (name.length < 8 ? 1 : 2));
    if (meant === undefined) return [];
    const message = `is no context value of this app; ${meant} is. Give -c ${meant}=…, or remove it from cdk.json, cdk.context.json or ~/.cdk.json`;
    return [{ property: given, message }];
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
