import { basename } from 'node:path';
import type { BuildResult } from 'esbuild';

/** A build that nothing of is written yet. */
export type Built = BuildResult<{ metafile: true; write: false }>;

/**
 * A build without the files of code that nothing loads: neither its entry nor what that imports, and so on.
 *
 * esbuild makes a file of all that is imported on demand, also where it drops the code that would, as it drops the SDK's for
 * browsers.
 */
export function withoutOrphans({ metafile, outputFiles, ...built }: Built, entry: string): Built {
  const loaded = new Set<string>();
  const follow = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const each of metafile.outputs[path]?.imports ?? []) if (each.external !== true) follow(each.path);
  };
  const paths = Object.keys(metafile.outputs);
  for (const path of paths) if (basename(path) === entry) follow(path);
  const orphans = new Set(
    paths.flatMap((path) =>
      path.endsWith('.mjs') && !loaded.has(path) ? [basename(path), `${basename(path)}.map`] : [],
    ),
  );
  const outputs = Object.entries(metafile.outputs).filter(([path]) => !orphans.has(basename(path)));
  return {
    ...built,
    metafile: { ...metafile, outputs: Object.fromEntries(outputs) },
    outputFiles: outputFiles.filter(({ path }) => !orphans.has(basename(path))),
  };
}
