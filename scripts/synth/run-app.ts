import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Context } from '../../infra/config/context-names.ts';
import { runCommand } from '../run-command.ts';
import { account, region } from './matrix-resources.ts';
import type { Finding, NamedTemplate } from './named-template.ts';

const TIMEOUT_MS = 120_000;

/** What came of the app with one set of context values. */
export interface AppRun {
  readonly templates: readonly NamedTemplate[];
  /** What cdk-nag found, or why there are no templates. */
  readonly findings: readonly Finding[];
}

/** Runs the app with each set of context values, two at a time, into a folder of its own below `outdir`. */
export async function runApps(contexts: Readonly<Record<string, Context>>, outdir: string): Promise<readonly AppRun[]> {
  const waiting = Object.entries(contexts);
  const runs: AppRun[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, context] = next;
      runs.push(await runApp(name, context, join(outdir, name)));
    }
  };
  await Promise.all([work(), work()]);
  return runs;
}

/**
 * Runs the app as the CDK CLI does, cdk-nag included. Functions are not bundled: the matrix has shown that one can be, and
 * `npm run bundle` that each can.
 */
async function runApp(name: string, context: Context, outdir: string): Promise<AppRun> {
  const { code, output } = await runCommand('node', ['infra/app.ts'], {
    env: {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
      CDK_DEFAULT_ACCOUNT: account,
      CDK_DEFAULT_REGION: region,
      CDK_VALIDATION: 'false',
    },
    timeoutMs: TIMEOUT_MS,
  });
  const templates = globSync(join(outdir, '*.template.json'))
    .sort()
    .map((path) => ({ name: `${name}/${basename(path, '.template.json')}`, path }));
  const failed = code !== 0 || templates.length === 0;
  return { templates, findings: failed ? [{ template: name, message: output.trim() }] : [] };
}
