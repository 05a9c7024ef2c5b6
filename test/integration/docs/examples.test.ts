import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Producer } from '@platformatic/kafka';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { fakeContext, kafkaEvent } from '../../../lib/testing/index.ts';
import { docExamplesProject, writeDocExamples } from '../../support/doc-examples.ts';
import { freshName, freshTable, freshTopic } from '../../support/fresh.ts';

const run = promisify(execFile);
const rootUrl = new URL('../../../', import.meta.url);
const root = fileURLToPath(rootUrl);
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
    Object.assign(process.env, environment, { PAYMENT_GATEWAY_URL: `http://127.0.0.1:${port}` });
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

  it("deploy.md's own app refuses a table that would be replaced", async () => {
    const file = examples.find(({ name }) => name === 'docs/deploy.md#1')?.file ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'deployed-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const deployedTemplate = join(folder, 'deployed.json');
    await writeFile(deployedTemplate, JSON.stringify({ Resources: { Old: { Type: 'AWS::DynamoDB::Table' } } }));
    const synth = (context: object): Promise<unknown> =>
      run(process.execPath, [file], {
        env: { ...environment, CDK_CONTEXT_JSON: JSON.stringify(context) },
        cwd: folder,
      });
    await synth({});
    await expect(synth({ deployedTemplate })).rejects.toThrow('Old (AWS::DynamoDB::Table): is gone');
    await expect(synth({ deployedTemplate: 'nope.json' })).rejects.toThrow("deployedTemplate: is 'nope.json', which");
  });

  it('consumeLocally handles what a topic holds, and makes what it needs', { timeout: 120_000 }, async () => {
    const sources = await Promise.all(examples.map(({ file }) => readFile(file, 'utf8')));
    const example = examples[sources.findIndex((source) => source.includes('function consumeLocally'))]?.file ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'consume-locally-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [entry, main, handled] = [join(folder, 'function.mjs'), join(folder, 'main.mjs'), join(folder, 'handled')];
    const topic = await freshTopic();
    const producer = new Producer({ clientId: 'docs', bootstrapBrokers: inject('kafkaBrokers'), idempotent: true });
    const value = Buffer.from(JSON.stringify({ orderId: '42' }));
    await producer.send({ messages: [1, 2].map(() => ({ topic, value })) });
    await producer.close();
    await writeFile(
      entry,
      `import { appendFileSync } from 'node:fs';
      import { kafkaHandler } from ${JSON.stringify(new URL('lib/index.ts', rootUrl).href)};
      export const handler = kafkaHandler({
        businessId: 'value.orderId',
        handle: ({ value }) => appendFileSync(${JSON.stringify(handled)}, value.orderId),
      });`,
    );
    await writeFile(
      main,
      `import { consumeLocally } from ${JSON.stringify(pathToFileURL(example).href)};
      for (const topic of process.argv.slice(3)) await consumeLocally(process.argv[2], topic);`,
    );
    // The broker is ours, because it has the records; the other servers are the example's own.
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
    const env = { ...Object.fromEntries(others), KAFKA_BROKERS: inject('kafkaBrokers').join(',') };
    await run(process.execPath, [main, entry, topic, freshName('topic')], { env, timeout: 110_000 });
    expect(await readFile(handled, 'utf8')).toBe('42');
  });
});
