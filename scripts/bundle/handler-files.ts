import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** A file of `handlers/` that Lambda can run. */
export interface HandlerFile {
  /** Without folder and ending, as in `charge-orders`. */
  readonly name: string;
  readonly path: string;
}

/** The files of `handlers/` that export `handler`, by name. */
export async function handlerFiles(): Promise<readonly HandlerFile[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['handlers/*.ts'],
    outdir: 'nowhere',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs)
    .flatMap(({ exports, entryPoint }) =>
      exports.includes('handler') && entryPoint !== undefined
        ? [{ name: basename(entryPoint, '.ts'), path: join(root, entryPoint) }]
        : [],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
