import { CreateEventSourceMappingCommand, GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { atEndpoint } from '../../lib/local/localstack/localstack-name.ts';
import * as clients from './clients.ts';
import { functionOf, role } from './function-resources.ts';
import { createStack, type Stack } from './stack.ts';

const endpoint = inject('localStackUrl');
const inProcesses = inject('functionsReachLoopback');
const lambda = clients.lambda(endpoint);

const CLUSTER_ARN = 'arn:aws:kafka:eu-central-1:000000000000:cluster/c/11111111-1111-1111-1111-111111111111-1';

describe('a function of a CloudFormation stack on LocalStack', () => {
  let stack: Stack;
  let name: string;

  beforeAll(async () => {
    stack = await createStack(endpoint, { Role: role, Function: functionOf('nodejs24.x') });
    expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', failures: [] });
    name = stack.physicalId('Function');
  });
  afterAll(() => stack.remove());

  const invoke = async (what: string): Promise<{ error: string | undefined; payload: unknown; log: string }> => {
    const Payload = JSON.stringify({ do: what });
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload, LogType: 'Tail' }));
    return {
      error: answer.FunctionError,
      payload: JSON.parse(Buffer.from(answer.Payload ?? '').toString()),
      log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    };
  };

  it('is active, with its environment and its code to be fetched', async () => {
    const { Configuration, Code } = await lambda.send(new GetFunctionCommand({ FunctionName: name }));
    expect(Configuration).toMatchObject({ State: 'Active', Environment: { Variables: { TABLE: 'orders' } } });
    const zip = await fetch(atEndpoint(Code?.Location ?? '', endpoint));
    expect(
      Buffer.from(await zip.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
  });

  it('runs, and keeps its environment warm between invocations', async () => {
    const first = await invoke('run');
    const second = await invoke('run');
    expect(first).toMatchObject({
      error: undefined,
      payload: {
        invocation: 1,
        table: 'orders',
        endpoint: inProcesses ? endpoint : expect.stringMatching(/^http:/),
        functionName: name,
        hasTimeLeft: true,
      },
    });
    expect(first.log).toContain('asked to run');
    expect(second.payload).toMatchObject({ invocation: 2 });
  });

  it('answers a thrown error as a function error', async () => {
    expect(await invoke('throw')).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'TypeError', errorMessage: 'as told' },
    });
  });

  it('survives a process that exits, as a new environment', async () => {
    expect(await invoke('exit')).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
    });
    expect((await invoke('run')).payload).toMatchObject({ invocation: 1 });
  });

  it('ends a handler at its time-out', async () => {
    expect(await invoke('hang')).toMatchObject({
      error: 'Unhandled',
      payload: {
        // LocalStack's own runtime gives a message alone.
        ...(inProcesses ? { errorType: 'Sandbox.Timedout' } : {}),
        errorMessage: expect.stringContaining('timed out after 2.00 seconds'),
      },
    });
    expect((await invoke('run')).payload).toMatchObject({ invocation: 1 });
  });

  it('may do what its role does not grant, so that grants are for assertions on the template', async () => {
    expect(await invoke('list tables')).toMatchObject({ error: undefined, payload: { status: 200 } });
  });

  it('is refused a Kafka event source mapping, so the local one has to poll for it', async () => {
    const mapping = new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: CLUSTER_ARN,
      Topics: ['orders'],
      StartingPosition: 'TRIM_HORIZON',
    });
    await expect(lambda.send(mapping)).rejects.toThrow('Unsupported event source mapping source service kafka');
  });
});

describe('a stack that LocalStack cannot run here', () => {
  it('fails and says so for a Kafka event source mapping', async () => {
    const stack = await createStack(endpoint, {
      Role: role,
      Function: functionOf('nodejs24.x'),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Function' },
          EventSourceArn: CLUSTER_ARN,
          Topics: ['orders'],
          StartingPosition: 'TRIM_HORIZON',
        },
      },
    });
    expect(stack.status).not.toBe('CREATE_COMPLETE');
    expect(stack.failures.join()).toMatch(/^Mapping: /);
    await stack.remove();
  });

  // In a container another runtime would be there; without Docker, as on CI, this runs.
  it.runIf(inProcesses)('fails and says so for a runtime that is not Node', async () => {
    const stack = await createStack(endpoint, { Role: role, Function: functionOf('python3.13') });
    expect(stack.status).not.toBe('CREATE_COMPLETE');
    expect(stack.failures.join()).toContain('runs nodejs runtimes only, not python3.13');
    await stack.remove();
  });
});
