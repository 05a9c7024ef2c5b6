import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FetchedCode, fetchCode } from '../../../lib/local/esm/fetched-code.ts';
import { zip } from './zip.ts';

/** Fetches an archive of these files from a server, as the link of `GetFunction` gives it. */
async function fetched(files: Readonly<Record<string, string>>): Promise<FetchedCode> {
  const archive = zip(Object.entries(files).map(([path, text]) => ({ path, contents: Buffer.from(text) })));
  const server = createServer((_, response) => response.end(archive));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const code = await fetchCode(`http://127.0.0.1:${port}/code`, 'index.handler');
  server.close();
  onTestFinished(() => rm(code.folder, { recursive: true }));
  return code;
}

async function output(entry: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, [entry])).stdout.trim();
}

describe('the fetched code of a function', () => {
  it('finds the SDK that it leaves to the runtime, at its start and on demand, and what it has itself first', async () => {
    const { entry } = await fetched({
      'index.mjs': `import { SQSClient } from '@aws-sdk/client-sqs'; import { S3Client } from '@aws-sdk/client-s3';
        const { send } = await import('./later.mjs');
        console.log(typeof SQSClient, S3Client, await send());`,
      'later.mjs': "export const send = async () => typeof (await import('@aws-sdk/client-dynamodb')).DynamoDBClient;",
      'node_modules/@aws-sdk/client-s3/index.js': "exports.S3Client = 'own';",
    });
    expect(await output(entry)).toBe('function own function');
  });

  it('finds no other package of this machine', async () => {
    const { entry } = await fetched({ 'index.mjs': "await import('zod').catch(({ code }) => console.log(code));" });
    expect(await output(entry)).toBe('ERR_MODULE_NOT_FOUND');
  });

  it('has the kind of modules that it says, or CommonJS', async () => {
    const commonJs = await fetched({ 'index.js': 'console.log(typeof module);' });
    expect(await output(commonJs.entry)).toBe('object');
    const module = await fetched({ 'index.js': 'console.log(typeof module);', 'package.json': '{"type":"module"}' });
    expect(await output(module.entry)).toBe('undefined');
    expect(existsSync(join(commonJs.folder, 'node_modules/@aws-sdk'))).toBe(true);
  });
});
