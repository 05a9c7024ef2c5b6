import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { cacheFolder } from '../lib/local/parts/cache-folder.ts';
import { appContexts } from './synth/app-contexts.ts';
import { checkCfnLint } from './synth/check-cfn-lint.ts';
import { checkNag } from './synth/check-nag.ts';
import { checkSchema } from './synth/check-schema.ts';
import { installCfnLint } from './synth/install-cfn-lint.ts';
import type { Finding } from './synth/named-template.ts';
import { runApps } from './synth/run-app.ts';
import { type SynthesisedMatrix, synthesiseMatrix } from './synth/synthesise-matrix.ts';
import { type Check, tally } from './synth/tally.ts';

/**
 * Writes templates for each source, authentication and destination, and for each way to configure the app, to
 * `cdk.out/templates`, and checks them: cfn-lint, CloudFormation's schemas, cdk-nag.
 *
 * The last line is `N passed, N failed`, one for each template and check.
 */
const root = join(import.meta.dirname, '..');
const outdir = join(root, 'cdk.out/templates');

/** A check that cannot be made has failed. */
async function attempt<T>(work: () => T | Promise<T>, failed: (why: string) => T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}
const finding = (message: string): readonly Finding[] => [{ template: 'all', message }];

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
const runs = runApps(appContexts, outdir);
const made = await attempt<Partial<SynthesisedMatrix> & { readonly findings: readonly Finding[] }>(
  () => ({ ...synthesiseMatrix({ outdir: join(outdir, 'matrix'), bundle: true }), findings: [] }),
  (why) => ({ findings: finding(why) }),
);
const { app, templates: ofMatrix = [] } = made;
const ofApp = await runs;
const templates = [...ofMatrix, ...ofApp.flatMap((run) => run.templates)];
const names = templates.map(({ name }) => name);

const linting = attempt(async () => {
  const python = await installCfnLint(cacheFolder(root, process.env), process.env);
  return await checkCfnLint(python, templates, join(outdir, 'cfn-lint.json'));
}, finding);
const checks: readonly Check[] = [
  { name: 'matrix', of: ofMatrix.map(({ name }) => name), findings: made.findings },
  {
    name: 'cdk-nag',
    of: ofMatrix.map(({ name }) => name),
    findings: await attempt(() => (app === undefined ? [] : checkNag(app)), finding),
  },
  { name: 'app', of: Object.keys(appContexts), findings: ofApp.flatMap((run) => run.findings) },
  { name: 'schema', of: names, findings: await attempt(() => checkSchema(app ?? new App(), templates), finding) },
  { name: 'cfn-lint', of: names, findings: await linting },
];

const { lines, exitCode } = tally(checks);
for (const line of lines) process.stdout.write(`${line}\n`);
process.exitCode = exitCode;
