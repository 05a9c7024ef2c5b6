import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { layOutRuntimeSdk } from '../../../lib/local/esm/runtime-sdk.ts';

const client = (at: string): string => `${at}/@aws-sdk/client-sqs`;

/** A folder that has these packages, each with its place as its only export. */
async function folderWith(packages: readonly string[]): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'kafka-once-runtime-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of packages) {
    const file = join(folder, name, 'index.js');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `exports.place = ${JSON.stringify(name)};`);
  }
  return folder;
}

/** What an import of code in `folder/task` finds. */
async function imported(folder: string, name: string): Promise<string> {
  const code = join(folder, 'task', 'index.mjs');
  await mkdir(dirname(code), { recursive: true });
  await writeFile(
    code,
    `const { place } = await import('${name}').catch(({ code }) => ({ place: code })); console.log(place);`,
  );
  return (await promisify(execFile)(process.execPath, [code])).stdout.trim();
}

describe('the SDK of the runtime', () => {
  it('is found by code below as it is installed, the nearest first, behind what the code has itself', async () => {
    const folder = await folderWith([client('near'), client('far'), 'far/@smithy/core', 'far/@aws-sdk/client-s3']);
    await layOutRuntimeSdk(
      folder,
      ['near', 'far', 'no-such'].map((name) => join(folder, name)),
    );
    expect(await imported(folder, '@aws-sdk/client-sqs')).toBe(client('near'));
    expect(await imported(folder, '@aws-sdk/client-s3')).toBe('far/@aws-sdk/client-s3');
    expect(await imported(folder, '@smithy/core')).toBe('far/@smithy/core');
    const own = join(folder, 'task/node_modules/@aws-sdk/client-sqs');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'index.js'), "exports.place = 'own';");
    expect(await imported(folder, '@aws-sdk/client-sqs')).toBe('own');
  });

  it('is nothing else than the SDK', async () => {
    const folder = await folderWith(['far/pg']);
    await layOutRuntimeSdk(folder, [join(folder, 'far')]);
    expect(await imported(folder, 'pg')).toBe('ERR_MODULE_NOT_FOUND');
    expect(await imported(folder, '@aws-sdk/client-sqs')).toBe('ERR_MODULE_NOT_FOUND');
  });

  it('is by default what is installed beside the toolkit, whole', async () => {
    const folder = await folderWith([]);
    await layOutRuntimeSdk(folder);
    const code = join(folder, 'index.mjs');
    await writeFile(code, "const { SQSClient } = await import('@aws-sdk/client-sqs'); console.log(typeof SQSClient);");
    expect((await promisify(execFile)(process.execPath, [code])).stdout.trim()).toBe('function');
  });
});
