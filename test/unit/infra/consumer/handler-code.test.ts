import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { DeadLetters, type EsbuildOptions } from '../../../../infra/index.ts';
import { consumerIn } from './staged-consumer.ts';

/** A folder with these files in it, which goes when the test is done. */
function folderOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'handler-code-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Synthesises a consumer of the entry: the key of its code in S3, and the files that are its code. */
function synthesised(entry: string, esbuild: EsbuildOptions = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-out-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const stack = new Stack(new App({ outdir, builtinCloudFormationValidation: false }), 'Bundled', {
    env: { region: 'eu-central-1', account: '123456789012' },
  });
  consumerIn(stack, { entry, esbuild });
  const [made] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const asset = join(outdir, readdirSync(outdir).find((name) => name.startsWith('asset.')) ?? '');
  const files = new Map(readdirSync(asset).map((name) => [name, readFileSync(join(asset, name), 'utf8')]));
  return { s3Key: String(made?.Properties.Code.S3Key), files };
}

const metafile = z.object({ outputs: z.record(z.string(), z.unknown()) });

describe('the code of a handler', () => {
  it('is deployed anew when a file changes that it imports from another folder, and only then', () => {
    const folder = folderOf({
      'handlers/orders.ts': "import { rate } from '../prices.ts'; export const handler = () => rate;",
      'prices.ts': 'export const rate = 1;',
    });
    const entry = join(folder, 'handlers/orders.ts');
    const { s3Key } = synthesised(entry);
    writeFileSync(join(folder, 'handlers/notes.md'), 'No code.');
    expect(synthesised(entry).s3Key).toBe(s3Key);
    writeFileSync(join(folder, 'prices.ts'), 'export const rate = 2;');
    expect(synthesised(entry).s3Key).not.toBe(s3Key);
  });

  it('has what is imported on demand in files of its own, which a cold start does not load', () => {
    const folder = folderOf({
      'orders.ts': "export const handler = async () => (await import('./late.ts')).word;",
      'late.ts': "export const word = 'needed late';",
    });
    const { files } = synthesised(join(folder, 'orders.ts'));
    const [index, ...others] = [...files]
      .filter(([name]) => name.endsWith('.mjs'))
      .sort(([name]) => (name === 'index.mjs' ? -1 : 1))
      .map(([, code]) => code);
    expect(index).not.toContain('needed late');
    expect(others).toEqual([expect.stringContaining('needed late')]);
  });

  it('has no file of what would be imported on demand by code that is not there', () => {
    const folder = folderOf({
      'orders.ts': "import { rate } from './prices.ts'; export const handler = () => rate;",
      'prices.ts':
        "export const rate = 1; export const old = () => import('./old.ts'); export const far = () => import('./far.ts');",
      'old.ts': "export const word = 'old';",
      'far.ts': "import { word } from './old.ts'; export const distance = word.length;",
    });
    const { files } = synthesised(join(folder, 'orders.ts'), { metafile: true });
    expect([...files.keys()].sort()).toEqual(['index.meta.json', 'index.mjs', 'index.mjs.map']);
    const { outputs } = metafile.parse(JSON.parse(files.get('index.meta.json') ?? ''));
    expect(Object.keys(outputs).map((path) => basename(path))).toEqual(['index.mjs.map', 'index.mjs']);
  });

  it('is its own for each consumer of a file, as the options of each say', () => {
    const entry = join(folderOf({ 'orders.ts': 'export const handler = () => STAGE;' }), 'orders.ts');
    const outdir = mkdtempSync(join(tmpdir(), 'cdk-out-'));
    onTestFinished(() => rmSync(outdir, { recursive: true }));
    const stack = new Stack(new App({ outdir, builtinCloudFormationValidation: false }), 'Bundled');
    for (const name of ['first', 'second']) {
      const esbuild = { define: { STAGE: JSON.stringify(name) } };
      consumerIn(stack, { entry, esbuild, topic: name, alarms: 'none' }, name);
    }
    const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
    const codes = assets.map((name) => readFileSync(join(outdir, name, 'index.mjs'), 'utf8'));
    expect(codes.map((code) => /first|second/.exec(code)?.[0]).sort()).toEqual(['first', 'second']);
  });

  it('needs the client of S3 only where there is a bucket, and it is to be bundled', () => {
    const onDemand = "export const load = () => import('@aws-sdk/client-s3').catch(() => {});";
    const entry = join(folderOf({ 'orders.ts': `${onDemand} export const handler = () => load();` }), 'orders.ts');
    const bundled = (withBucket: boolean) => () => {
      const outdir = mkdtempSync(join(tmpdir(), 'cdk-out-'));
      onTestFinished(() => rmSync(outdir, { recursive: true }));
      const stack = new Stack(new App({ outdir, builtinCloudFormationValidation: false }), 'Bundled');
      const { queue, bucket } = new DeadLetters(stack, 'Letters');
      consumerIn(stack, { entry, deadLetters: withBucket ? { queue, bucket } : { queue }, esbuild: { external: [] } });
    };
    expect(bundled(true)).toThrow(/entry: is '.*', which needs .* what is not installed: @aws-sdk\/client-s3$/);
    expect(bundled(false)).not.toThrow();
  });

  it('names its source map', () => {
    const folder = folderOf({ 'orders.ts': 'export const handler = () => {};' });
    const { files } = synthesised(join(folder, 'orders.ts'));
    expect(files.get('index.mjs')).toMatch(/\n\/\/# sourceMappingURL=index\.mjs\.map\s*$/);
  });
});
