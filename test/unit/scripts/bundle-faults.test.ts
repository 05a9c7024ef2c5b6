import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFaults, LIMIT_BYTES } from '../../../scripts/bundle/bundle-faults.ts';
import { type Bundle, readBundle } from '../../../scripts/bundle/read-bundle.ts';

const whole: Pick<Bundle, 'startBytes' | 'startModules' | 'text'> = {
  startBytes: LIMIT_BYTES,
  startModules: [{ path: 'node_modules/@aws-sdk/client-dynamodb/dist-es/index.js', bytes: 1 }],
  text: 'export{handler};\n//# sourceMappingURL=index.mjs.map\n',
};

describe('faults of a bundle', () => {
  it('a whole one of exactly the limit has none', () => {
    expect(bundleFaults(whole)).toEqual([]);
  });

  it('one byte more is a fault that tells what weighs most', () => {
    const modules = [...whole.startModules, { path: 'a/node_modules/zod/v4/index.js', bytes: 455_000 }];
    expect(bundleFaults({ ...whole, startBytes: LIMIT_BYTES + 1, startModules: modules })).toEqual([
      expect.stringMatching(/450001 bytes .*: zod 455 KB, @aws-sdk\/client-dynamodb 0 KB$/),
    ]);
  });

  it('no DynamoDB client, a require() and a source map that is not named are faults', () => {
    const text = 'throw Error("Dynamic require of "+x)\n';
    expect(bundleFaults({ ...whole, startModules: [], text })).toEqual([
      expect.stringContaining('DynamoDB client'),
      expect.stringContaining('require()'),
      expect.stringContaining('source map'),
    ]);
  });
});

describe('a bundle that is split', () => {
  let folder: string;
  let bundle: Bundle;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafka-once-split-'));
    const sources = {
      'index.js': "import './first.js'; export const handler = () => import('./later.js');",
      'first.js': 'console.log("at start");',
      'later.js': `export const text = "${'x'.repeat(1000)}";`,
    };
    for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text);
    const { metafile } = await build({
      entryPoints: [join(folder, 'index.js')],
      outdir: join(folder, 'out'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      metafile: true,
    });
    await writeFile(join(folder, 'out/index.meta.json'), JSON.stringify(metafile));
    bundle = await readBundle(join(folder, 'out'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('counts at the start what is imported there, not what is imported later', () => {
    expect(bundle.startModules.map(({ path }) => path.split('/').at(-1)).sort()).toEqual(['first.js', 'index.js']);
    expect(bundle.startBytes).toBeLessThan(1000);
    expect(bundle.bytes).toBeGreaterThan(1000);
  });

  it('is read whole', () => {
    expect(bundle.text).toContain('x'.repeat(1000));
  });
});
