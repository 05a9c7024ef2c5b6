import { Token } from 'aws-cdk-lib/core';
import type { SettingsProblem } from '../../lib/core/esm/settings.ts';

/** Something that the function's Region must have: the property that names it, and where it is as far as that is known. */
export interface Placed {
  readonly property: string;
  readonly region: string | undefined;
}

/** What is in another Region than the stack, where both are known: who uses it looks in its own. */
export function otherRegionProblems(things: readonly Placed[], region: string): readonly SettingsProblem[] {
  if (Token.isUnresolved(region)) return [];
  return things.flatMap(({ property, region: its }) => {
    if (its === undefined || Token.isUnresolved(its) || its === region) return [];
    return [
      {
        property,
        message: `is in ${its}, and the stack is in ${region}, where it is looked for; give one of ${region}`,
      },
    ];
  });
}
