import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** A handler's bundle by what esbuild says of it. Sizes are minified, in bytes, without source maps. */
export interface Bundle {
  /** The module that Lambda imports. */
  readonly entry: string;
  /** Of what is loaded before the first record: the entry and what it imports, but for `import()`. */
  readonly startBytes: number;
  readonly bytes: number;
  /** Sources of those that are loaded before the first record. */
  readonly startModules: readonly BundledModule[];
  /** The code of all files. */
  readonly text: string;
}

export interface BundledModule {
  readonly path: string;
  readonly bytes: number;
}

const outputFile = z.object({
  bytes: z.number(),
  imports: z.array(z.object({ path: z.string(), kind: z.string() })),
  inputs: z.record(z.string(), z.object({ bytesInOutput: z.number() })),
});
const metafile = z.object({ outputs: z.record(z.string(), outputFile) });
type Files = ReadonlyMap<string, z.infer<typeof outputFile>>;

const entryName = 'index.mjs';

/** Reads the bundle that esbuild left in a folder, with its `index.meta.json`. */
export async function readBundle(folder: string): Promise<Bundle> {
  const { outputs } = metafile.parse(JSON.parse(await readFile(join(folder, 'index.meta.json'), 'utf8')));
  const code = Object.entries(outputs).filter(([path]) => !path.endsWith('.map'));
  const files: Files = new Map(code.map(([path, file]) => [basename(path), file]));
  const start = loadedFirst(files, entryName);
  const texts = [...files.keys()].map((name) => readFile(join(folder, name), 'utf8'));
  return {
    entry: join(folder, entryName),
    startBytes: bytesOf(files, start),
    bytes: bytesOf(files, new Set(files.keys())),
    startModules: modulesOf(files, start),
    text: (await Promise.all(texts)).join('\n'),
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

function bytesOf(files: Files, names: ReadonlySet<string>): number {
  return [...names].reduce((sum, name) => sum + (files.get(name)?.bytes ?? 0), 0);
}

function modulesOf(files: Files, names: ReadonlySet<string>): readonly BundledModule[] {
  return [...names].flatMap((name) =>
    Object.entries(files.get(name)?.inputs ?? {}).map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput })),
  );
}
