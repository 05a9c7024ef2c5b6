import { describe, expect, it } from 'vitest';
import { tally } from '../../../scripts/synth/tally.ts';

const of = ['A', 'B'];

describe('the tally of the checks of templates', () => {
  it('is 0 where nothing was found', () => {
    const checks = [
      { name: 'schema', of, findings: [] },
      { name: 'app', of: ['App'], findings: [] },
    ];
    expect(tally(checks)).toEqual({
      lines: ['ok     schema    2 checked', 'ok     app       1 checked', '3 passed, 0 failed'],
      exitCode: 0,
    });
  });

  it('is 1 where one check found one thing in one template', () => {
    const checks = [
      { name: 'schema', of, findings: [] },
      { name: 'cfn-lint', of, findings: [{ template: 'B', message: 'W1 x: y' }] },
    ];
    expect(tally(checks)).toEqual({
      lines: ['ok     schema    2 checked', 'cfn-lint B: W1 x: y', 'FAILED cfn-lint  2 checked', '3 passed, 1 failed'],
      exitCode: 1,
    });
  });

  it('counts a template once however much was found in it', () => {
    const findings = ['one', 'two'].map((message) => ({ template: 'A', message }));
    expect(tally([{ name: 'schema', of, findings }]).lines.at(-1)).toBe('1 passed, 1 failed');
  });

  it.each([
    ['a check that could not be made', { name: 'cfn-lint', of, findings: [{ template: 'all', message: 'no Python' }] }],
    ['one of nothing', { name: 'matrix', of: [], findings: [{ template: 'all', message: 'does not bundle' }] }],
  ])('lets nothing pass of %s', (_, check) => {
    expect(tally([check])).toMatchObject({ exitCode: 1 });
    expect(tally([check]).lines.at(-1)).toBe('0 passed, 1 failed');
  });
});
