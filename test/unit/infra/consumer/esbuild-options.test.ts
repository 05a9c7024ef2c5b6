import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { EsbuildOptions } from '../../../../infra/index.ts';
import { consumerIn } from './staged-consumer.ts';

/** A handler and the package that it imports, which has an ECMAScript module and a CommonJS one. */
const files = {
  'orders.ts': `import { origin } from 'prices';
export const handler = async (orderOfCustomer: { price?: number }) => {
  orderOfCustomer.price ??= 7;
  return [orderOfCustomer, origin, STAGE];
};
`,
  'node_modules/prices/package.json': JSON.stringify({ name: 'prices', main: 'main.cjs', module: 'module.mjs' }),
  'node_modules/prices/main.cjs': "exports.origin = 'prices as CommonJS';",
  'node_modules/prices/module.mjs': "export const origin = 'prices as a module';",
};

/** A handler that imports a CommonJS package, which asks for a module of Node, as `pg` and many others do. */
const commonJs = {
  'orders.ts': `import prices from 'prices';
export const handler = () => prices.origin;
`,
  'node_modules/prices/package.json': JSON.stringify({ name: 'prices', main: 'main.cjs' }),
  'node_modules/prices/main.cjs': "exports.origin = typeof require('events').EventEmitter;",
};

/** What the handler of a module answers in a process of its own, where no test runner has a `require`. */
function answered(module: string): string {
  const script = `import { handler } from ${JSON.stringify(module)}; console.log(handler());`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim();
}

const sourceMap = z.object({ sourcesContent: z.array(z.string()).optional() });

/** What a consumer deploys: its code, the sources in its map, and the names of its files. */
function deployed(esbuild?: EsbuildOptions, sources: Readonly<Record<string, string>> = files) {
  const folder = mkdtempSync(join(tmpdir(), 'bundled-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const outdir = join(folder, 'cdk.out');
  const stack = new Stack(new App({ outdir, builtinCloudFormationValidation: false }), 'Bundled', {
    env: { region: 'eu-central-1', account: '123456789012' },
  });
  consumerIn(stack, { entry: join(folder, 'orders.ts'), ...(esbuild !== undefined && { esbuild }) });
  const assets = readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  const asset = join(outdir, assets.join());
  const { sourcesContent } = sourceMap.parse(JSON.parse(readFileSync(join(asset, 'index.mjs.map'), 'utf8')));
  return {
    module: pathToFileURL(join(asset, 'index.mjs')).href,
    code: readFileSync(join(asset, 'index.mjs'), 'utf8'),
    sources: sourcesContent ?? [],
    names: readdirSync(asset).sort(),
  };
}

describe('the code of a consumer', () => {
  it('is minified for Node 24 with its packages as modules, and its map has no sources', () => {
    const { code, sources, names } = deployed();
    expect(code).not.toContain('orderOfCustomer');
    expect(code).toContain('??=');
    expect(code).toContain('prices as a module');
    expect(code).toContain('STAGE');
    expect(sources).toEqual([]);
    expect(names).toEqual(['index.mjs', 'index.mjs.map']);
  });

  it.each([
    [{ minify: false }, /orderOfCustomer/],
    [{ target: 'es2019' }, /^(?!.*\?\?=)/s],
    [{ mainFields: ['main'] }, /prices as CommonJS/],
    [{ external: ['prices'] }, /^(?!.*prices as).*from ?"prices"/s],
    [{ define: { STAGE: '"production"' } }, /^(?!.*STAGE).*production/s],
    [{ banner: { js: '/* ours */' } }, /^\/\* ours \*\//],
  ] satisfies readonly (readonly [EsbuildOptions, RegExp])[])(
    'is bundled as the user says: %j',
    (esbuild, expected) => {
      expect(deployed(esbuild).code).toMatch(expected);
    },
  );

  it.each([
    ['nothing', {}],
    ['a comment', { banner: { js: '/* ours */' } }],
    [
      'a require of its own, as was needed for such packages',
      {
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
      },
    ],
    ['names that are not shortened', { minify: false }],
  ] satisfies readonly (readonly [string, EsbuildOptions])[])(
    'runs with a CommonJS package where the user gives %s',
    (_what, esbuild) => {
      expect(answered(deployed(esbuild, commonJs).module)).toBe('function');
    },
  );

  it('has its sources in the map, and what esbuild says of it, where the user wants them', () => {
    const { sources, names } = deployed({ sourcesContent: true, metafile: true });
    expect(sources).toContain(files['orders.ts']);
    expect(names).toContain('index.meta.json');
  });
});
