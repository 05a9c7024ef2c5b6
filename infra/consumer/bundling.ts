import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { isLeftOut, leftToRuntime, wantedInside } from './left-to-runtime.ts';
import { type Built, withoutOrphans } from './without-orphans.ts';

/**
 * Options of esbuild that a handler may need: what is not to be bundled, or how. Where they say nothing, ours hold. Behind
 * `banner.js` stands ours, which gives CommonJS packages a `require`, unless that one declares it.
 *
 * - `external`: packages that are not bundled, and have to be in a layer or in Lambda's runtime. It takes the place of what the
 *   construct leaves to the runtime (see `entry` of `KafkaConsumer`): all else is bundled, and `[]` leaves nothing out. That
 *   is about 310 KB more, 50 of them at the start: the client of S3 for large dead letters, and ways to credentials.
 */
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

/** The module that Lambda imports. */
const entryName = 'index.mjs';

/**
 * How a handler is bundled: as minified ECMAScript modules with its AWS SDK, and source maps that Node finds.
 *
 * What is imported on demand is in files of its own, which a cold start does not load. The SDK is bundled because the runtime's
 * own changes without notice, but for `leftToRuntime`. The maps hold no sources.
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

/** Packages that are CommonJS ask for modules of Node by `require`, which an ECMAScript module does not have. */
const requireBanner =
  "import { createRequire as createRequireOfBundle } from 'node:module';const require = createRequireOfBundle(import.meta.url);";

/** A handler to be bundled: its file, the name that it exports, and packages that it will import on demand. */
export interface HandlerSource {
  readonly entry: string;
  readonly handler: string;
  readonly needs: readonly string[];
}

/**
 * Bundles a handler's file into a folder, where `index.mjs` is its module.
 *
 * With `metafile` what esbuild says of it is written to `index.meta.json` there.
 *
 * @throws ConfigurationError naming `entry`, with esbuild's errors, if it cannot be bundled or lacks a package, or `handler`
 * if it does not export that.
 */
export function bundleHandler(source: HandlerSource, outdir: string, options: EsbuildOptions = {}): void {
  const { entry } = source;
  const banner = bannerBehind(options.banner);
  const { built, external } = buildWithin(entry, {
    ...ours,
    ...options,
    banner,
    entryPoints: [resolve(entry)],
    outdir,
  });
  refuseMissing(source, built.metafile, external);
  for (const { path, contents } of built.outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  if (options.metafile === true) writeFileSync(join(outdir, 'index.meta.json'), JSON.stringify(built.metafile));
}

/** Builds with what is left to the runtime, and again with what turns out to be wanted inside. */
function buildWithin(entry: string, options: BuildOptions): { built: Built; external: readonly string[] } {
  if (options.external !== undefined) return { built: build(entry, options), external: options.external };
  let left = leftToRuntime;
  for (;;) {
    const built = build(entry, { ...options, external: [...left] });
    const inside = wantedInside(built.metafile, left);
    if (inside.length === 0) return { built, external: left };
    left = left.filter((name) => !inside.includes(name));
  }
}

/** The user's banner and ours behind it; one that declares `require` itself is left as it is. */
function bannerBehind(users: EsbuildOptions['banner'] = {}): NonNullable<EsbuildOptions['banner']> {
  const { js } = users;
  if (js === undefined) return { ...users, js: requireBanner };
  return /\brequire\s*=/.test(js) ? users : { ...users, js: `${js}\n${requireBanner}` };
}

/** What esbuild lets pass and only the running function would find out. */
function refuseMissing(
  { entry, handler, needs }: HandlerSource,
  { outputs }: Metafile,
  external: readonly string[],
): void {
  const files = Object.entries(outputs);
  const exported = files.find(([path]) => path.endsWith(entryName))?.[1].exports ?? [];
  if (!exported.includes(handler)) {
    const found = exported.length === 0 ? 'nothing' : exported.join(', ');
    throw new ConfigurationError('handler', `is '${handler}', which '${entry}' does not export; it exports ${found}`);
  }
  // esbuild leaves an import on demand in place if it does not find the package.
  const left = new Set(files.flatMap(([, { imports }]) => imports.map(({ path }) => path)));
  const missing = needs.filter((name) => left.has(name) && !isLeftOut(name, external));
  if (missing.length === 0) return;
  throw new ConfigurationError(
    'entry',
    `is '${entry}', which needs for dead letters what is not installed: ${missing.join(', ')}`,
  );
}

function build(entry: string, options: BuildOptions): Built {
  try {
    return withoutOrphans(buildSync({ ...options, metafile: true, write: false }), entryName);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError('entry', `is '${entry}', which esbuild cannot bundle: ${said}`, { cause });
  }
}
