import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, type BuildResult, buildSync } from 'esbuild';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';

/** Options of esbuild that a handler may need: what is not to be bundled, or how. Where they say nothing, ours hold. */
export type EsbuildOptions = Readonly<
  Pick<
    BuildOptions,
    | 'alias'
    | 'banner'
    | 'conditions'
    | 'define'
    | 'drop'
    | 'external'
    | 'inject'
    | 'keepNames'
    | 'loader'
    | 'mainFields'
    | 'metafile'
    | 'minify'
    | 'sourcesContent'
    | 'target'
    | 'tsconfig'
  >
>;

/**
 * How a handler is bundled: as minified ECMAScript modules with its AWS SDK, and source maps that Node finds.
 *
 * What is imported on demand, the clients of SQS and S3 for dead letters, is in files of its own: a cold start loads less than
 * half of the code. The SDK is bundled because the runtime's own changes without notice. The maps hold no sources.
 */
const ours: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  splitting: true,
  entryNames: 'index',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'silent',
};

/**
 * Bundles a handler's file into a folder, where `index.mjs` is its module.
 *
 * With `metafile` what esbuild says of it is written to `index.meta.json` there.
 *
 * @throws ConfigurationError naming `entry`, with esbuild's errors, if it cannot be bundled.
 */
export function bundleHandler(entry: string, outdir: string, options: EsbuildOptions = {}): void {
  const { metafile } = build(entry, { ...ours, ...options, entryPoints: [resolve(entry)], outdir });
  if (metafile !== undefined) writeFileSync(join(outdir, 'index.meta.json'), JSON.stringify(metafile));
}

function build(entry: string, options: BuildOptions): BuildResult {
  try {
    return buildSync(options);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError('entry', `is '${entry}', which esbuild cannot bundle: ${said}`, { cause });
  }
}
