import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fetchedFunction, LOCAL_CREDENTIALS } from '../../lib/local/index.ts';
import * as clients from './clients.ts';
import { functionOf, role } from './function-resources.ts';
import { createStack, type Resource, type Stack } from './stack.ts';

const endpoint = inject('localStackUrl');
const place = { endpoint, region: clients.region, credentials: LOCAL_CREDENTIALS };
const named = `http://localhost.localstack.cloud:${new URL(endpoint).port}`;

function changed(change: Readonly<Record<string, unknown>>): Resource {
  const { Type, Properties } = functionOf('nodejs24.x');
  return { Type, Properties: { ...Properties, ...change } };
}

const folders = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('kafka-once-function-'));

describe('fetchedFunction', () => {
  let stack: Stack;
  const before = folders();

  beforeAll(async () => {
    stack = await createStack(endpoint, {
      Role: role,
      Function: changed({ Environment: { Variables: { TABLE: 'orders', QUEUE: `${named}/queue/q` } } }),
    });
    expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
  });
  afterAll(() => stack.remove());

  it('runs the deployed code here, with its deployed environment and time-out, until it is closed', async () => {
    const logs: string[] = [];
    const functionName = stack.physicalId('Function');
    const invoker = await fetchedFunction({ ...place, functionName, onLog: (text) => logs.push(text) });
    expect(invoker).toMatchObject({
      timeoutSeconds: 2,
      environment: { TABLE: 'orders', QUEUE: `${endpoint}/queue/q` },
    });
    const run = await invoker.invoke('{"do":"run"}');
    expect(run).toEqual({ kind: 'returned', payload: expect.any(String) });
    const { payload } = run.kind === 'returned' ? run : { payload: '' };
    expect(JSON.parse(payload)).toEqual({
      invocation: 1,
      table: 'orders',
      endpoint,
      functionName,
      hasTimeLeft: true,
    });
    expect(logs.join('')).toContain('asked to run');
    expect(await invoker.invoke('{"do":"list tables"}')).toEqual({ kind: 'returned', payload: '{"status":200}' });
    expect(await invoker.invoke('{"do":"hang"}')).toMatchObject({
      kind: 'functionError',
      errorType: 'Sandbox.Timedout',
    });
    await invoker.close();
    expect(await folders()).toEqual(await before);
  });

  it('names a function that is not there', async () => {
    await expect(fetchedFunction({ ...place, functionName: 'no-such' })).rejects.toThrow(
      /^functionName: is 'no-such', and ResourceNotFoundException: Function not found/,
    );
  });

  it.each([
    [
      'that is not for Node',
      'python3.13',
      "is 'strange-python3.13', which cannot run here: it is python3.13, not nodejs",
    ],
    ['whose code lacks its module', 'nodejs24.x', 'has the handler index.handler, whose module is not in its code'],
  ] as const)('names a function %s', async (_, Runtime, message) => {
    const FunctionName = `strange-${Runtime}`;
    await clients.lambda(endpoint).send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime,
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/none',
        // An archive without files.
        Code: { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') },
      }),
    );
    await expect(fetchedFunction({ ...place, functionName: FunctionName })).rejects.toThrow(`functionName: ${message}`);
  });
});
