import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** A handler's bundle by its files and by what esbuild says of them. Sizes are minified, in bytes, without source maps. */
export interface Bundle {
  readonly folder: string;
  /** The module that Lambda imports. */
  readonly entry: string;
  /** Of what is loaded before the first record: the entry and what it imports, but for `import()`. */
  readonly startBytes: number;
  /** Of all files that are deployed. */
  readonly bytes: number;
  readonly startModules: readonly BundledModule[];
  readonly modules: readonly BundledModule[];
  /** Packages that are not in the bundle, and that it imports. */
  readonly leftOut: readonly LeftOutPackage[];
  /** The files with code, which the entry is one of. */
  readonly files: readonly string[];
  /** Their code. */
  readonly text: string;
}

/** What one source makes of the bundle. */
export interface BundledModule {
  readonly path: string;
  readonly bytes: number;
}

/** What is imported from elsewhere, and whether only by an `import()`. */
export interface LeftOutPackage {
  readonly path: string;
  readonly onDemand: boolean;
}

const outputFile = z.object({
  bytes: z.number(),
  imports: z.array(z.object({ path: z.string(), kind: z.string(), external: z.optional(z.boolean()) })),
  inputs: z.record(z.string(), z.object({ bytesInOutput: z.number() })),
});
const metafile = z.object({ outputs: z.record(z.string(), outputFile) });
type Files = ReadonlyMap<string, z.infer<typeof outputFile>>;

const entryName = 'index.mjs';
const metafileName = 'index.meta.json';

/** Reads the bundle that esbuild left in a folder, with its `index.meta.json`. */
export async function readBundle(folder: string): Promise<Bundle> {
  const { outputs } = metafile.parse(JSON.parse(await readFile(join(folder, metafileName), 'utf8')));
  const code = Object.entries(outputs).filter(([path]) => !path.endsWith('.map'));
  const files: Files = new Map(code.map(([path, file]) => [basename(path), file]));
  const start = loadedFirst(files, entryName);
  const deployed = (await readdir(folder)).filter((name) => !name.endsWith('.map') && name !== metafileName);
  const contents = await Promise.all(deployed.map((name) => readFile(join(folder, name))));
  return {
    folder,
    entry: join(folder, entryName),
    startBytes: bytesOf(files, start),
    bytes: contents.reduce((sum, { length }) => sum + length, 0),
    startModules: modulesOf(files, start),
    modules: modulesOf(files, new Set(files.keys())),
    leftOut: leftOutOf(files),
    files: [...files.keys()],
    text: contents.map((content) => content.toString()).join('\n'),
  };
}

/** A file and those that it imports statically, and so on. */
function loadedFirst(files: Files, name: string, found: Set<string> = new Set()): ReadonlySet<string> {
  const file = files.get(name);
  if (file === undefined || found.has(name)) return found;
  found.add(name);
  for (const { path, kind } of file.imports) {
    if (kind !== 'dynamic-import') loadedFirst(files, basename(path), found);
  }
  return found;
}

function leftOutOf(files: Files): readonly LeftOutPackage[] {
  const onDemand = new Map<string, boolean>();
  for (const { path, kind, external } of [...files.values()].flatMap(({ imports }) => imports)) {
    if (external !== true || isBuiltin(path)) continue;
    onDemand.set(path, kind === 'dynamic-import' && onDemand.get(path) !== false);
  }
  return [...onDemand].map(([path, isOnDemand]) => ({ path, onDemand: isOnDemand }));
}

function bytesOf(files: Files, names: ReadonlySet<string>): number {
  return [...names].reduce((sum, name) => sum + (files.get(name)?.bytes ?? 0), 0);
}

function modulesOf(files: Files, names: ReadonlySet<string>): readonly BundledModule[] {
  return [...names].flatMap((name) =>
    Object.entries(files.get(name)?.inputs ?? {}).map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput })),
  );
}
