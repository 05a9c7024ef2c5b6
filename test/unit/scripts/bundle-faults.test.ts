import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFaults, LIMIT_BYTES } from '../../../scripts/bundle/bundle-faults.ts';
import { onDemandFaults } from '../../../scripts/bundle/on-demand.ts';
import { type Bundle, readBundle } from '../../../scripts/bundle/read-bundle.ts';

const dynamoDb = { path: 'node_modules/@aws-sdk/client-dynamodb/dist-es/index.js', bytes: 1 };
const whole: Parameters<typeof bundleFaults>[0] = {
  bytes: LIMIT_BYTES,
  startModules: [dynamoDb],
  modules: [dynamoDb],
  leftOut: [{ path: '@aws-sdk/client-s3', onDemand: true }],
  text: 'export{handler};\n//# sourceMappingURL=index.mjs.map\n',
};

describe('faults of a bundle', () => {
  it('a whole one of exactly the limit has none', () => {
    expect(bundleFaults(whole)).toEqual([]);
  });

  it('one byte more, wherever, is a fault that tells what weighs most', () => {
    const modules = [...whole.modules, { path: 'a/node_modules/zod/v4/index.js', bytes: 455_000 }];
    expect(bundleFaults({ ...whole, bytes: LIMIT_BYTES + 1, modules })).toEqual([
      expect.stringMatching(/450001 bytes in all.*: zod 455 KB, @aws-sdk\/client-dynamodb 0 KB$/),
    ]);
  });

  it('no DynamoDB client at the start, a require() and a source map that is not named are faults', () => {
    const text = 'throw Error("Dynamic require of "+x)\n';
    expect(bundleFaults({ ...whole, startModules: [], text })).toEqual([
      expect.stringContaining('DynamoDB client'),
      expect.stringContaining('require()'),
      expect.stringContaining('source map'),
    ]);
  });

  it('a package that is not there is a fault, unless it is left to the runtime and imported on demand', () => {
    const leftOut = [
      { path: '@aws-sdk/client-s3', onDemand: false },
      { path: '@aws-sdk/client-dynamodb', onDemand: true },
    ];
    expect(bundleFaults({ ...whole, leftOut })).toEqual([
      'imports @aws-sdk/client-s3 from the runtime, and not on demand',
      'imports @aws-sdk/client-dynamodb, which it does not contain',
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
      'first.js': "import { sep } from 'node:path'; console.log(sep);",
      'later.js': `export const text = "${'x'.repeat(1000)}"; export const load = () => import("absent");`,
    };
    for (const [name, text] of Object.entries(sources)) await writeFile(join(folder, name), text);
    const { metafile } = await build({
      entryPoints: [join(folder, 'index.js')],
      outdir: join(folder, 'out'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      external: ['absent'],
      metafile: true,
    });
    await writeFile(join(folder, 'out/index.meta.json'), JSON.stringify(metafile));
    await writeFile(join(folder, 'out/index.mjs.map'), 'y'.repeat(2000));
    bundle = await readBundle(join(folder, 'out'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('counts at the start what is imported there, not what is imported later', () => {
    expect(bundle.startModules.map(({ path }) => path.split('/').at(-1)).sort()).toEqual(['first.js', 'index.js']);
    expect(bundle.startBytes).toBeLessThan(1000);
  });

  it('counts in all every file that is deployed, but no map', async () => {
    expect(bundle.modules).toHaveLength(3);
    const { bytes } = bundle;
    expect(bytes).toBeGreaterThan(1000);
    await writeFile(join(folder, 'out/data.bin'), 'z'.repeat(5000));
    expect((await readBundle(join(folder, 'out'))).bytes).toBe(bytes + 5000);
    expect(bytes).toBeLessThan(3000);
  });

  it('is read whole', () => {
    expect(bundle.text).toContain('x'.repeat(1000));
  });

  it('says which packages it leaves out, other than those of Node', () => {
    expect(bundle.leftOut).toEqual([{ path: 'absent', onDemand: true }]);
  });

  it.each([
    ['at the start first', ['import-statement', 'dynamic-import']],
    ['on demand first', ['dynamic-import', 'import-statement']],
  ])('does not take a package that it imports both ways, %s, for one on demand', async (_order, kinds) => {
    const other = await mkdtemp(join(folder, 'both-'));
    const imports = kinds.map((kind) => ({ path: 'both', kind, external: true }));
    const outputs = { 'index.mjs': { bytes: 0, imports, inputs: {} } };
    await writeFile(join(other, 'index.meta.json'), JSON.stringify({ outputs }));
    expect((await readBundle(other)).leftOut).toEqual([{ path: 'both', onDemand: false }]);
  });

  it('is faulty where what it needs on demand is not found, and only there', async () => {
    expect(await onDemandFaults(bundle)).toEqual([
      expect.stringMatching(/^cannot load what it needs on demand: .*'absent'/s),
    ]);
    expect(await onDemandFaults({ ...bundle, leftOut: [] })).toEqual([]);
    expect(await onDemandFaults({ ...bundle, files: ['no-such.mjs'], leftOut: [] })).toEqual([
      expect.stringContaining('no-such.mjs'),
    ]);
  });
});
