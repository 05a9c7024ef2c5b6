import {
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type DeployedFunction, deployedFunction, LOCAL_CREDENTIALS } from '../../lib/local/index.ts';
import { closedPort } from '../contract/sqs-dead-letters.faults.ts';
import { lossyProxy } from '../support/lossy-proxy.ts';
import * as clients from './clients.ts';
import { functionOf, role } from './function-resources.ts';
import { createStack, type Stack } from './stack.ts';

const endpoint = inject('localStackUrl');
const inProcesses = inject('functionsReachLoopback');
const lambda = clients.lambda(endpoint);
const place = { endpoint, region: clients.region, credentials: LOCAL_CREDENTIALS };

describe('deployedFunction', () => {
  let stack: Stack;
  let functionName: string;
  let invoker: DeployedFunction;
  const logs: string[] = [];

  beforeAll(async () => {
    stack = await createStack(endpoint, { Role: role, Function: functionOf('nodejs24.x') });
    functionName = stack.physicalId('Function');
    invoker = await deployedFunction({ ...place, functionName, onLog: (text) => logs.push(text) });
  });
  afterAll(async () => {
    await invoker.close();
    await stack.remove();
  });

  it('has the time-out and the environment of the function', () => {
    expect(invoker).toMatchObject({ timeoutSeconds: 2, environment: { TABLE: 'orders' } });
  });

  it('gives what the function returned, and what it wrote', async () => {
    const result = await invoker.invoke('{"do":"run"}');
    expect(result).toEqual({ kind: 'returned', payload: expect.stringContaining('"table":"orders"') });
    expect(logs.at(-1)).toContain('asked to run');
  });

  it('gives nothing returned as null', async () => {
    expect(await invoker.invoke('{"do":"nothing"}')).toEqual({ kind: 'returned', payload: 'null' });
  });

  it.each([
    ['throws', 'throw', 'TypeError', 'as told'],
    ['exits', 'exit', 'Runtime.ExitError', 'exit status 3'],
    // In a container LocalStack's own runtime gives a message alone, and the kind is that of the answer.
    ['runs out of time', 'hang', inProcesses ? 'Sandbox.Timedout' : 'Unhandled', 'timed out after 2.00 seconds'],
  ])('gives a function error when the function %s', async (_, what, errorType, message) => {
    expect(await invoker.invoke(JSON.stringify({ do: what }))).toEqual({
      kind: 'functionError',
      errorType,
      errorMessage: expect.stringContaining(message),
    });
  });

  it('did not invoke a throttled function', async () => {
    const FunctionName = functionName;
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    const result = await invoker.invoke('{"do":"run"}');
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(result).toEqual({ kind: 'notInvoked', reason: expect.stringMatching(/^TooManyRequestsException: /) });
  });

  it('takes an event of 6 MB and not a byte more', async () => {
    const eventOf = (bytes: number): string =>
      JSON.stringify({ do: 'run', x: '' }).replace('""', `"${'é'.repeat(bytes)}"`);
    const most = (6 * 1024 * 1024 - eventOf(0).length) / 2;
    expect(await invoker.invoke(eventOf(Math.floor(most)))).toMatchObject({ kind: 'returned' });
    expect(await invoker.invoke(eventOf(Math.floor(most) + 1))).toEqual({
      kind: 'notInvoked',
      reason: expect.stringMatching(/^the event has 62914\d\d bytes, Lambda takes 6291456$/),
    });
  });

  it('asks once where the service is at fault', async () => {
    const proxy = await lossyProxy(endpoint);
    const through = await deployedFunction({ ...place, endpoint: proxy.url, functionName });
    const before = proxy.seen.length;
    for (const fate of [
      'cutBefore',
      'cutAfter',
      { status: 500, body: { Type: 'Service', Message: 'oops' } },
    ] as const) {
      proxy.decide = () => fate;
      expect(await through.invoke('{"do":"run"}')).toEqual({ kind: 'notInvoked', reason: expect.any(String) });
    }
    expect(proxy.seen.length - before).toBe(3);
    await through.close();
    await proxy[Symbol.asyncDispose]();
  });

  it('names a function that is not there', async () => {
    await expect(deployedFunction({ ...place, functionName: 'no-such' })).rejects.toThrow(
      /^functionName: is 'no-such', and ResourceNotFoundException: Function not found/,
    );
  });

  // In a container it could.
  it.runIf(inProcesses)('names a function that cannot run, and why', async () => {
    const FunctionName = 'not-node';
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'python3.13',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/none',
        Code: { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') },
      }),
    );
    await expect
      .poll(() => deployedFunction({ ...place, functionName: FunctionName }).catch(String), { timeout: 20_000 })
      .toContain("is 'not-node', which cannot run: it is Failed (");
  });

  it('names an endpoint where nothing listens', async () => {
    const nowhere = await closedPort();
    await expect(deployedFunction({ ...place, endpoint: nowhere, functionName: 'any' })).rejects.toThrow(
      'ECONNREFUSED',
    );
  });

  it('names the package that it needs', async () => {
    vi.resetModules();
    vi.doMock('@aws-sdk/client-lambda', () => {
      throw new Error('Cannot find package');
    });
    const fresh = await import('../../lib/local/esm/deployed-function.ts');
    await expect(fresh.deployedFunction({ ...place, functionName })).rejects.toThrow(
      'the package @aws-sdk/client-lambda could not be loaded; is it installed?',
    );
    vi.doUnmock('@aws-sdk/client-lambda');
  });
});
