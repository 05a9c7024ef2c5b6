import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { fakeContext, kafkaEvent } from '../../../lib/testing/index.ts';
import { docExamplesProject, writeDocExamples } from '../../support/doc-examples.ts';
import { freshTable } from '../../support/fresh.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const documents = [
  'README.md',
  ...(await readdir(`${root}docs`)).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];
const examples = await writeDocExamples(documents);
const table = await freshTable();
const environment = {
  ...process.env,
  ...inject('partsEnv'),
  AWS_LAMBDA_FUNCTION_NAME: 'example',
  KAFKA_ONCE_TABLE: table,
};

describe('the examples of the documentation', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThan(6);
  });

  it('compile', async () => {
    const { stdout } = await run('npx', ['tsc', '--noEmit', '-p', docExamplesProject], { cwd: root }).catch(
      (error) => error,
    );
    expect(stdout).toBe('');
  });

  it.each(examples)('$name runs', async ({ file }) => {
    await run(process.execPath, [file], { env: environment, cwd: root });
  });

  it('README.md#1 charges an order once, on a real table', async () => {
    const keys: (string | undefined)[] = [];
    const gateway = createServer((request, response) => {
      keys.push(request.headers['idempotency-key']?.toString());
      response.end('{}');
    });
    gateway.listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const address = gateway.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    Object.assign(process.env, environment, { GATEWAY_URL: `http://127.0.0.1:${port}` });
    const module: { handler(event: unknown, context: unknown): Promise<unknown> } = await import(
      examples[0]?.file ?? ''
    );
    const order = { value: { orderId: '42', amountCents: 100 } };
    const event = kafkaEvent([order, { value: null }, order]);
    expect(await module.handler(event, fakeContext())).toEqual({ batchItemFailures: [] });
    expect(await module.handler(event, fakeContext())).toEqual({ batchItemFailures: [] });
    expect(keys).toHaveLength(1);
    gateway.close();
  });
});
