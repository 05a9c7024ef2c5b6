import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the entries that functions import, each into one file as any bundler does it (AWS SDK from outside), and holds the
 * main one to its size, and both to what they may pull in: a function must not carry a Kafka client, Powertools, CDK, the
 * whole of JMESPath or the local parts because it handles records, nor the modes without claims because it claims.
 */
const LIMIT_BYTES = 100_000;
const root = join(import.meta.dirname, '../..');

/** The bundles contain no other package; these they may import from outside, statically and not. */
const outsideStatic = ['@aws-sdk/client-dynamodb'];
const outsideDynamic = ['@aws-sdk/client-sqs', '@aws-sdk/client-s3'];

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly limitBytes?: number;
  /** Sources that it must not contain. */
  readonly without?: RegExp;
}

const entries: readonly Entry[] = [
  {
    name: 'main entry',
    file: 'dist/lib/index.js',
    limitBytes: LIMIT_BYTES,
    without: /^dist\/lib\/(?:modes\/|handler\/commit\/|core\/position\/|adapters\/dynamodb\/commit)/,
  },
  { name: 'modes', file: 'dist/lib/modes/index.js' },
];
const ownFolders = ['core', 'ports', 'adapters', 'handler', 'modes'];

interface Checked {
  readonly bytes: number;
  readonly faults: readonly string[];
}

async function check({ file, limitBytes, without }: Entry): Promise<Checked> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [file],
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
  const [output] = Object.values(metafile.outputs);
  if (output === undefined) throw new Error('esbuild wrote no bundle.');
  const faults = Object.entries(output.inputs).flatMap(([input, { bytesInOutput }]) => {
    const folder = /^dist\/lib\/([^/]+)\//.exec(input)?.[1];
    const isForeign = input.includes('node_modules/') || (folder !== undefined && !ownFolders.includes(folder));
    return isForeign || (bytesInOutput > 0 && without?.test(input) === true) ? [`contains ${input}`] : [];
  });
  for (const { path, kind, external } of output.imports) {
    if (external !== true || path.startsWith('node:')) continue;
    if (!(kind === 'dynamic-import' ? outsideDynamic : outsideStatic).includes(path)) {
      faults.push(`imports ${path} (${kind})`);
    }
  }
  if (limitBytes !== undefined && output.bytes > limitBytes)
    faults.push(`has ${output.bytes} bytes, over ${limitBytes}`);
  return { bytes: output.bytes, faults };
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;
const sizes: string[] = [];
for (const entry of entries) {
  const { bytes, faults } = await check(entry);
  const limit = entry.limitBytes === undefined ? '' : `, limit ${kilobytes(entry.limitBytes)}`;
  sizes.push(`${entry.name} ${kilobytes(bytes)} minified${limit}`);
  for (const fault of faults) process.stdout.write(`The bundle of ${entry.file} ${fault}.\n`);
  if (faults.length > 0) process.exitCode = 1;
}
process.stdout.write(`${sizes.join('; ')}\n`);
