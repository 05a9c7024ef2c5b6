import { describe, expect, it } from 'vitest';
import { settingsProblems, settingsWarnings } from '../../../lib/core/esm/settings.ts';
import { mappingSettings } from '../../../lib/local/esm/mapping-settings.ts';
import { awsRules } from './aws-rules.ts';

function refusalOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe.each(awsRules)("AWS's verdict on $name ($source)", ({ settings, verdict, property }) => {
  const named = property === undefined ? [] : [property];

  it(`is that it is ${verdict}, and so is ours`, () => {
    expect(settingsProblems(settings).map((problem) => problem.property)).toEqual(verdict === 'refused' ? named : []);
    const warnings = settingsWarnings(settings).map((warning) => warning.property);
    if (verdict === 'warned') expect(warnings).toContain(property);
    if (verdict === 'accepted') expect(warnings).toEqual([]);
  });

  it('is that of the local event source mapping, in the same words', () => {
    const refusal = refusalOf(() => mappingSettings(settings));
    const [problem] = settingsProblems(settings);
    if (problem !== undefined) expect(refusal).toContain(`${problem.property}: ${problem.message}`);
    else if (refusal !== undefined) expect(refusal).toContain('does not imitate');
  });
});

it('every row has a name of its own', () => {
  expect(new Set(awsRules.map(({ name }) => name)).size).toBe(awsRules.length);
});
