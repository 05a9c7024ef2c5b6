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

/** Code that is loaded on demand, such as the modes', is written to files of its own, as the construct has it. */
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['dist/lib/index.js'],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outdir: 'bundle',
  splitting: true,
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
const { outputs } = metafile;
const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === 'dist/lib/index.js');
if (entry === undefined) throw new Error('esbuild wrote no bundle.');
const atStart = new Set([entry]);
for (const path of atStart) {
  for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
    if (kind !== 'dynamic-import' && imported in outputs) atStart.add(imported);
  }
}
for (const { path, kind, external } of Object.values(outputs).flatMap((output) => output.imports)) {
  if (external !== true) continue;
  const allowed =
    path.startsWith('node:') || (kind === 'dynamic-import' ? outsideDynamic : outsideStatic).includes(path);
  if (!allowed) faults.push(`imports ${path} (${kind})`);
}
const bytesOf = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
const startBytes = bytesOf(atStart);
if (startBytes > LIMIT_BYTES) faults.push(`has ${startBytes} bytes, over ${LIMIT_BYTES}`);

for (const fault of new Set(faults)) process.stdout.write(`The bundle of the main entry ${fault}.\n`);
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;
process.stdout.write(
  `main entry ${kilobytes(startBytes)} minified, limit ${kilobytes(LIMIT_BYTES)}; with what is loaded on demand ${kilobytes(bytesOf(Object.keys(outputs)))}\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
