import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the main entry as a Lambda deployment does (AWS SDK from the runtime) and holds it to its size, and to what
 * it may pull in: a function must not carry a Kafka client, Powertools, CDK, the whole of JMESPath or the local parts
 * because it handles records.
 */
const LIMIT_BYTES = 100_000;
const root = join(import.meta.dirname, '../..');

/** The bundle contains no other package; these it may import from outside, statically and not. */
const outsideStatic = ['@aws-sdk/client-dynamodb'];
const outsideDynamic = ['@aws-sdk/client-sqs', '@aws-sdk/client-s3'];

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['dist/lib/index.js'],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outfile: 'bundle.mjs',
  format: 'esm',
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  external: ['@aws-sdk/*'],
  logLevel: 'error',
});

const faults: string[] = [];
for (const input of Object.keys(metafile.inputs)) {
  const folder = /^dist\/lib\/([^/]+)\//.exec(input)?.[1];
  if (folder !== undefined && !['core', 'ports', 'adapters', 'handler'].includes(folder)) {
    faults.push(`contains ${input}`);
  }
  const parts = input.split('node_modules/').at(-1)?.split('/') ?? [];
  const name = parts[0]?.startsWith('@') === true ? `${parts[0]}/${parts[1]}` : parts[0];
  if (input.includes('node_modules/')) faults.push(`contains ${name} (${input})`);
}
const output = Object.values(metafile.outputs)[0];
if (output === undefined) throw new Error('esbuild wrote no bundle.');
for (const { path, kind } of output.imports) {
  const allowed =
    path.startsWith('node:') || (kind === 'dynamic-import' ? outsideDynamic : outsideStatic).includes(path);
  if (!allowed) faults.push(`imports ${path} (${kind})`);
}
if (output.bytes > LIMIT_BYTES) faults.push(`has ${output.bytes} bytes, over ${LIMIT_BYTES}`);

for (const fault of new Set(faults)) process.stdout.write(`The bundle of the main entry ${fault}.\n`);
process.stdout.write(`main entry ${(output.bytes / 1000).toFixed(1)} KB minified, limit ${LIMIT_BYTES / 1000} KB\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
