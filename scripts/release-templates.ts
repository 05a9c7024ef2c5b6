import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { contextExamples } from '../infra/config/context-names.ts';
import { synthesize } from '../infra/stacks/synthesize.ts';

/** Writes the templates that users of this release have, for the test that the next one replaces nothing of theirs. */
const folder = join(import.meta.dirname, '../test/unit/infra/stacks/templates');
const { greenfield, paymentGatewayUrl } = contextExamples;

const outdir = mkdtempSync(join(tmpdir(), 'kafka-once-release-'));
const context = { greenfield, paymentGatewayUrl, 'aws:cdk:bundling-stacks': [] };
synthesize(new App({ outdir, analyticsReporting: false, context }), {});

for (const file of readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
  const hash = /[0-9a-f]{64}/g;
  const template = readFileSync(join(outdir, file), 'utf8').replaceAll(hash, '0'.repeat(64));
  writeFileSync(join(folder, file.replace('.template', '')), `${JSON.stringify(JSON.parse(template), null, 2)}\n`);
}
