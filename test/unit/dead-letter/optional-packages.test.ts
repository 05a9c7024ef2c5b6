import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildResult, build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onceLoaded } from '../../../lib/adapters/once-loaded.ts';
import { notLoaded } from '../../../lib/adapters/sqs/aws-clients.ts';

const lib = join(import.meta.dirname, '../../../lib');

/** A folder with the source and no packages, as in a project that uses no queue. */
async function project(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(lib, join(folder, 'lib'), { recursive: true });
  return folder;
}

async function bundle(folder: string): Promise<BuildResult<{ metafile: true }>> {
  return await build({
    absWorkingDir: folder,
    stdin: { contents: "export * from './lib/index.ts';", resolveDir: folder },
    bundle: true,
    // The one package that is needed always.
    external: ['@aws-sdk/client-dynamodb'],
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
}

const packages = ['@aws-sdk/client-s3', '@aws-sdk/client-sqs'];

describe('a package that is optional', () => {
  it('is named where it is missing, and looked for again', async () => {
    const answers = [() => import('node:path'), () => Promise.reject(notLoaded('@aws-sdk/client-sqs', 'missing'))];
    const load = onceLoaded(async () => await answers.pop()?.());
    await expect(load()).rejects.toThrow(
      'the package @aws-sdk/client-sqs could not be loaded; outside of Lambda, install it: npm install @aws-sdk/client-sqs',
    );
    expect(await load()).toBeDefined();
    expect(await load()).toBeDefined();
  });

  it('need not be there for a bundle', async () => {
    const { errors, metafile } = await bundle(await project());
    expect(errors).toEqual([]);
    const [output] = Object.values(metafile.outputs);
    const left = output?.imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path);
    expect(left?.sort()).toEqual(packages);
  });

  it('is in the bundle where it is there', async () => {
    const folder = await project();
    for (const name of packages) {
      await mkdir(join(folder, 'node_modules', name), { recursive: true });
      await writeFile(join(folder, 'node_modules', name, 'index.js'), 'export const isHere = true;');
    }
    const { metafile } = await bundle(folder);
    const inputs = Object.keys(metafile.inputs).filter((name) => name.startsWith('node_modules/'));
    expect(inputs.sort()).toEqual(packages.map((name) => `node_modules/${name}/index.js`));
  });
});
