import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleHandler, type EsbuildOptions } from '../../../../infra/consumer/bundling.ts';

type Sources = Readonly<Record<string, string>>;

/** A package with one module, which contains its own name. */
function packaged(name: string, code = '', folder = `node_modules/${name}`, module = 'index.js'): Sources {
  return {
    [`${folder}/package.json`]: JSON.stringify({ name, type: 'module', main: module }),
    [`${folder}/${module}`]: `${code}\nexport const name = ${JSON.stringify(`code of ${name}`)};`,
  };
}

/** As the toolkit imports what may be absent. */
const onDemand = (...names: readonly string[]): string =>
  names
    .map(
      (name, index) => `export const load${index} = async () => { try { return await import('${name}'); } catch {} };`,
    )
    .join('\n');

const clients = ['@aws-sdk/client-s3', '@aws-sdk/client-sqs'];
const senders = 'lib/adapters/sqs/queue-sender.js';
const toolkit = packaged('kafka-once', onDemand(...clients), 'node_modules/kafka-once', `dist/${senders}`);
const sdk: Sources = { ...packaged('@aws-sdk/client-sqs'), ...packaged('@aws-sdk/client-s3') };
const usesToolkit = "export * from 'kafka-once'; export const handler = () => {};";

/** The packages whose code is in the bundle of `orders.js`, and those that it imports from elsewhere. */
function bundled(sources: Sources, options: EsbuildOptions = {}, prepare = (_folder: string): void => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'left-to-runtime-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ 'package.json': '{"name":"shop"}', ...sources })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  prepare(folder);
  const outdir = join(folder, 'out');
  bundleHandler({ entry: join(folder, 'orders.js'), handler: 'handler', needs: clients }, outdir, options);
  const files = readdirSync(outdir).filter((name) => name.endsWith('.mjs'));
  const code = files.map((name) => readFileSync(join(outdir, name), 'utf8')).join('\n');
  const found = (pattern: RegExp) => [...new Set([...code.matchAll(pattern)].map(([, name]) => name))].sort();
  return {
    inside: found(/code of ([^"`']+)/g),
    outside: found(/(?:import\(|from ?|import ?)["'](@[^"']+)["']/g),
  };
}

describe('the client for large dead letters', () => {
  it('is left to the runtime where only the toolkit imports it, installed or not', () => {
    const alone = { inside: ['@aws-sdk/client-sqs', 'kafka-once'], outside: ['@aws-sdk/client-s3'] };
    expect(bundled({ 'orders.js': usesToolkit, ...toolkit, ...sdk })).toEqual(alone);
    expect(bundled({ 'orders.js': usesToolkit, ...toolkit, ...packaged('@aws-sdk/client-sqs') })).toEqual(alone);
  });

  it('is left to the runtime where a folder of the toolkit says what kind its modules are', () => {
    const kind = { 'node_modules/kafka-once/dist/package.json': '{"type":"module"}' };
    const { outside } = bundled({ 'orders.js': usesToolkit, ...toolkit, ...sdk, ...kind });
    expect(outside).toEqual(['@aws-sdk/client-s3']);
  });

  it.each([
    ['at its start', "import { name } from '@aws-sdk/client-s3'; console.log(name);"],
    ['on demand', "export const send = () => import('@aws-sdk/client-s3');"],
    ['by a path in it', "import { name } from '@aws-sdk/client-s3/index.js'; console.log(name);"],
  ])('is bundled where the handler imports it %s', (_how, code) => {
    expect(bundled({ 'orders.js': `${usesToolkit} ${code}`, ...toolkit, ...sdk })).toEqual({
      inside: [...clients, 'kafka-once'],
      outside: [],
    });
  });

  it.each([
    ['another package', packaged('upload', "export { name as client } from '@aws-sdk/client-s3';")],
    [
      'a package with folders of the same names',
      packaged('upload', onDemand(...clients), 'node_modules/upload', senders),
    ],
  ])('is bundled where %s imports it', (_who, upload) => {
    const { inside } = bundled({
      'orders.js': `export * as upload from 'upload'; ${usesToolkit}`,
      ...toolkit,
      ...sdk,
      ...upload,
    });
    expect(inside).toContain('@aws-sdk/client-s3');
  });

  it('is bundled where the toolkit would import it at its start, or for something else', () => {
    const atStart = packaged(
      'kafka-once',
      "import { name as client } from '@aws-sdk/client-s3'; console.log(client);",
      'node_modules/kafka-once',
      senders,
    );
    expect(bundled({ 'orders.js': usesToolkit, ...atStart, ...sdk }).inside).toContain('@aws-sdk/client-s3');
    const forElse = packaged('kafka-once', onDemand(...clients), 'node_modules/kafka-once', 'dist/handlers/own.js');
    expect(bundled({ 'orders.js': usesToolkit, ...forElse, ...sdk }).outside).toEqual([]);
  });

  it('is left to the runtime where the toolkit is a link to its sources', () => {
    const linked = packaged('kafka-once', onDemand(...clients), 'checkout', senders);
    const { outside } = bundled({ 'orders.js': usesToolkit, ...linked, ...sdk }, {}, (folder) => {
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      symlinkSync(join(folder, 'checkout'), join(folder, 'node_modules/kafka-once'), 'junction');
    });
    expect(outside).toEqual(['@aws-sdk/client-s3']);
  });
});

describe('where credentials come from outside of Lambda', () => {
  const providers = packaged(
    '@aws-sdk/credential-provider-node',
    onDemand('@aws-sdk/credential-provider-ini', '@smithy/credential-provider-imds'),
  );
  const ini = packaged('@aws-sdk/credential-provider-ini', onDemand('@aws-sdk/credential-provider-process'));
  const others = {
    ...packaged('@smithy/credential-provider-imds'),
    ...packaged('@aws-sdk/credential-provider-process'),
  };
  const usesProviders = "export * from '@aws-sdk/credential-provider-node'; export const handler = () => {};";

  it('is left to the runtime', () => {
    expect(bundled({ 'orders.js': usesProviders, ...providers, ...ini, ...others })).toMatchObject({
      inside: ['@aws-sdk/credential-provider-node'],
      outside: ['@aws-sdk/credential-provider-ini', '@smithy/credential-provider-imds'],
    });
  });

  it('is bundled, with what it imports itself, where the handler imports it', () => {
    const code = `${usesProviders} export { name as ini } from '@aws-sdk/credential-provider-ini';`;
    expect(bundled({ 'orders.js': code, ...providers, ...ini, ...others })).toMatchObject({
      inside: [
        '@aws-sdk/credential-provider-ini',
        '@aws-sdk/credential-provider-node',
        '@aws-sdk/credential-provider-process',
      ],
      outside: ['@smithy/credential-provider-imds'],
    });
  });
});

describe('external of the user', () => {
  const sources = { 'orders.js': usesToolkit, ...toolkit, ...sdk };

  it.each([
    ['nothing', [], { outside: [] }],
    ['another package', ['pg'], { outside: [] }],
    ['a client', ['@aws-sdk/client-s3'], { outside: ['@aws-sdk/client-s3'] }],
    ['both clients', clients, { outside: clients }],
  ])('that names %s is all that is not bundled', (_what, external, expected) => {
    expect(bundled(sources, { external })).toMatchObject(expected);
  });

  it('may be a pattern, whatever is installed', () => {
    expect(bundled(sources, { external: ['@aws-sdk/*'] }).outside).toEqual(clients);
    expect(bundled({ 'orders.js': usesToolkit, ...toolkit }, { external: ['@aws-sdk/*'] }).outside).toEqual(clients);
    const oneClient = { external: ['@aws-sdk/*-s3'] };
    expect(bundled(sources, oneClient).outside).toEqual(['@aws-sdk/client-s3']);
    expect(() => bundled({ 'orders.js': usesToolkit, ...toolkit }, oneClient)).toThrow(
      /not installed: @aws-sdk\/client-sqs$/,
    );
  });

  it('may be a scope, as esbuild takes it', () => {
    expect(bundled(sources, { external: ['@aws-sdk'] }).outside).toEqual(clients);
  });

  it('that leaves a client to be bundled needs it to be installed', () => {
    for (const external of [[], ['pg'], ['@aws-sdk/lib-*']]) {
      expect(() => bundled({ 'orders.js': usesToolkit, ...toolkit }, { external })).toThrow(
        /needs for dead letters what is not installed: @aws-sdk\/client-s3, @aws-sdk\/client-sqs/,
      );
    }
  });
});
