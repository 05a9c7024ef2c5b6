import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { synthesize } from '../infra/stacks/synthesize.ts';
import { releasedContexts } from './release/released-contexts.ts';

/** Writes the templates that users of this release have, for the test that the next one loses nothing of theirs. */
const templates = join(import.meta.dirname, '../test/unit/infra/stacks/templates');

for (const [source, context] of Object.entries(releasedContexts)) {
  const outdir = mkdtempSync(join(tmpdir(), 'kafka-once-release-'));
  synthesize(
    new App({ outdir, analyticsReporting: false, context: { ...context, 'aws:cdk:bundling-stacks': [] } }),
    {},
  );
  const folder = join(templates, source);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
    const hash = /[0-9a-f]{64}/g;
    const template = readFileSync(join(outdir, file), 'utf8').replaceAll(hash, '0'.repeat(64));
    writeFileSync(join(folder, file.replace('.template', '')), `${JSON.stringify(JSON.parse(template), null, 2)}\n`);
  }
  rmSync(outdir, { recursive: true });
}
