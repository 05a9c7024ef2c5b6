import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCfnLint } from '../../../scripts/synth/check-cfn-lint.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder('lint');
const report = join(folder, 'report.json');
const told = join(folder, 'told.json');
const templates = ['A', 'B'].map((name) => ({ name, path: join(folder, `${name}.template.json`) }));

/** A stand-in for the Python that has cfn-lint: notes its arguments, and reports what it is given. */
function standIn(reported: unknown): string {
  const python = join(folder, 'python');
  const write =
    reported === undefined ? '' : `write(${JSON.stringify(report)}, ${JSON.stringify(JSON.stringify(reported))});`;
  const code = `const { writeFileSync: write } = require('node:fs');
write(${JSON.stringify(told)}, JSON.stringify(process.argv.slice(2)));
${write}
console.error('Traceback of the stand-in');
process.exit(2);
`;
  writeFileSync(python, `#!${process.execPath}\n${code}`);
  chmodSync(python, 0o755);
  return python;
}

const match = (level: string, Filename: string | undefined, Path: readonly (string | number)[] | null) => ({
  Filename,
  Level: level,
  Message: `about ${level}`,
  Rule: { Id: `${level[0]}1001` },
  Location: { Path },
});

describe('the check by cfn-lint', () => {
  it('counts errors, warnings and remarks, each in its template', async () => {
    const [a, b] = templates.map(({ path }) => path);
    const python = standIn([
      match('Error', a, ['Resources', 'Mapping', 'Topics', 0]),
      match('Warning', b, ['Resources', 'Role']),
      match('Informational', '/else.json', null),
    ]);
    expect(await checkCfnLint(python, templates, report)).toEqual([
      { template: 'A', message: 'E1001 Resources.Mapping.Topics.0: about Error' },
      { template: 'B', message: 'W1001 Resources.Role: about Warning' },
      { template: '/else.json', message: 'I1001 : about Informational' },
    ]);
  });

  it('leaves out one rule alone, and lints every template for its Region', async () => {
    expect(await checkCfnLint(standIn([]), templates, report)).toEqual([]);
    expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual([
      ...['-c', 'from cfnlint.runner import main; main()'],
      ...['--format', 'json', '--output-file', report, '--regions', 'eu-central-1'],
      ...['--ignore-checks', 'W3005', '--', ...templates.map(({ path }) => path)],
    ]);
  });

  it('that does not report has failed, with what it said', async () => {
    const never = join(folder, 'never.json');
    await expect(checkCfnLint(standIn(undefined), templates, never)).rejects.toThrow(
      /^cfn-lint failed:\nTraceback of the stand-in/,
    );
  });
});
