import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { runCommand } from '../run-command.ts';
import { region } from './matrix-resources.ts';
import type { Finding, NamedTemplate } from './named-template.ts';

const TIMEOUT_MS = 10 * 60_000;

/** CDK writes every dependency of a role down, also where a reference implies it. Nothing else is let through. */
const ignored = ['W3005'];

const matches = z.array(
  z.object({
    Filename: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullish() }),
  }),
);

/**
 * Lints the templates: resource schemas, references, enumerations and AWS's limits. Warnings count as errors.
 *
 * @param python of the virtual environment that has cfn-lint.
 * @param report where cfn-lint may write what it found.
 * @throws Error when cfn-lint itself fails.
 */
export async function checkCfnLint(
  python: string,
  templates: readonly NamedTemplate[],
  report: string,
): Promise<readonly Finding[]> {
  const { output } = await runCommand(
    python,
    [
      // Its command names the folder that the environment was made in, which has another name since.
      ...[
        '-c',
        'from cfnlint.runner import main; main()',
        '--format',
        'json',
        '--output-file',
        report,
        '--regions',
        region,
      ],
      ...['--ignore-checks', ...ignored, '--', ...templates.map(({ path }) => path)],
    ],
    { timeoutMs: TIMEOUT_MS },
  );
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(`cfn-lint failed:\n${output.slice(-2000)}`);
  });
  return matches.parse(JSON.parse(text)).map(({ Filename, Message, Rule, Location }) => ({
    template: templates.find(({ path }) => path === Filename)?.name ?? Filename,
    message: `${Rule.Id} ${Location.Path?.join('.') ?? ''}: ${Message}`,
  }));
}
