import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChildProcessFunctionOptions, InvocationResult } from '../../../lib/local/index.ts';
import { entry, localFunction } from './support.ts';

function probe(options: Partial<ChildProcessFunctionOptions> = {}) {
  const made = localFunction({ entry: entry('probe.ts'), ...options });
  return { ...made, order: (order: object): Promise<InvocationResult> => made.invoke(JSON.stringify(order)) };
}

function returned(result: InvocationResult): unknown {
  if (result.kind !== 'returned') {
    throw new Error(`not returned: ${JSON.stringify(result)}`);
  }
  return JSON.parse(result.payload);
}

describe('a function in a child process', () => {
  it("has Lambda's context and variables, its own, and none of the parent's", async () => {
    const run = probe({
      functionName: 'charge-orders',
      region: 'eu-west-1',
      memoryMb: 256,
      timeoutSeconds: 20,
      environment: { TABLE: 'orders', AWS_REGION: 'ignored' },
    });
    const description = returned(await run.order({ do: 'describe' }));
    expect(description).toMatchObject({
      context: {
        functionName: 'charge-orders',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:charge-orders',
        memoryLimitInMB: '256',
        awsRequestId: expect.any(String),
        logGroupName: '/aws/lambda/charge-orders',
      },
      env: {
        TABLE: 'orders',
        AWS_REGION: 'eu-west-1',
        AWS_LAMBDA_FUNCTION_NAME: 'charge-orders',
        _HANDLER: 'index.handler',
      },
    });
    expect(description).not.toHaveProperty('env.VITEST');
    expect(description).toHaveProperty(
      'remainingMs',
      expect.toSatisfy((ms: number) => ms > 0 && ms <= 20_000),
    );
  });

  it('is reused while it lives', async () => {
    const run = probe();
    const first = returned(await run.order({ do: 'describe' }));
    const second = returned(await run.order({ do: 'describe' }));
    expect([first, second]).toMatchObject([{ invocations: 1 }, { invocations: 2 }]);
    expect(run.status()).toMatchObject({ invocations: 2, coldStarts: 1, environments: 1, errors: 0 });
  });

  it('runs one invocation at a time in each process and throttles what is beyond its concurrency', async () => {
    const run = probe({ concurrency: 2 });
    const results = await Promise.all([1, 2, 3].map(() => run.order({ do: 'describe' })));
    expect(results.map(({ kind }) => kind)).toEqual(['returned', 'returned', 'notInvoked']);
    expect(run.status()).toMatchObject({ invocations: 2, throttles: 1, coldStarts: 2 });
  });

  it('returns null for nothing', async () => {
    expect(await probe().order({ do: 'nothing' })).toEqual({ kind: 'returned', payload: 'null' });
  });

  const errors: [string, object, string, string][] = [
    ['an error', { do: 'error' }, 'RangeError', 'out of range'],
    ['a text', { do: 'text' }, 'string', 'only a text'],
    ['an answer that is no JSON', { do: 'bigint' }, 'TypeError', 'BigInt'],
  ];
  it.each(errors)('throwing %s fails and lives on', async (_, order, errorType, message) => {
    const run = probe();
    expect(await run.order(order)).toEqual({
      kind: 'functionError',
      errorType,
      errorMessage: expect.stringContaining(message),
    });
    expect(await run.order({ do: 'nothing' })).toMatchObject({ kind: 'returned' });
    expect(run.status()).toMatchObject({ coldStarts: 1, errors: 1 });
  });

  const unloadable: [string, Partial<ChildProcessFunctionOptions>, string][] = [
    ['that throws while it loads', { entry: entry('broken.ts') }, 'TypeError'],
    ['that does not exist', { entry: entry('none.ts') }, 'Runtime.ImportModuleError'],
    ['without the export', { handlerName: 'none' }, 'Runtime.HandlerNotFound'],
    ['whose export is no function', { handlerName: 'notAFunction' }, 'Runtime.HandlerNotFound'],
  ];
  it.each(unloadable)('of a module %s is a function error each time', async (_, options, errorType) => {
    const run = probe(options);
    expect(await run.order({ do: 'nothing' })).toMatchObject({ kind: 'functionError', errorType });
    expect(await run.order({ do: 'nothing' })).toMatchObject({ kind: 'functionError', errorType });
    expect(run.status().coldStarts).toBe(2);
  });

  it('takes 6 MB and answers 6 MB, and no more', async () => {
    const run = probe();
    const megabytes = 1024 * 1024;
    const padding = 'x'.repeat(6 * megabytes - 100);
    expect(await run.order({ do: 'nothing', padding })).toMatchObject({ kind: 'returned' });
    expect(returned(await run.order({ do: 'large', size: 6 * megabytes - 2 }))).toHaveLength(6 * megabytes - 2);
    expect(await run.order({ do: 'large', size: 6 * megabytes })).toMatchObject({
      kind: 'functionError',
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  it('ends when it needs more memory than it has', async () => {
    const run = probe({ memoryMb: 128 });
    expect(await run.order({ do: 'grow' })).toMatchObject({ kind: 'functionError', errorType: 'Runtime.ExitError' });
  });

  it('hands over what it writes', async () => {
    const written: Record<string, string> = { stdout: '', stderr: '' };
    const both = Promise.withResolvers<void>();
    const run = probe({
      onOutput: (stream, chunk) => {
        written[stream] += Buffer.from(chunk).toString();
        if (written.stdout && written.stderr) {
          both.resolve();
        }
      },
    });
    await run.order({ do: 'write' });
    await both.promise;
    expect(written).toEqual({ stdout: 'to stdout', stderr: 'to stderr' });
  });

  it('ends all its processes at a kill; what ran is a function error, the next invocation a cold start', async () => {
    const connections = await listen();
    const run = probe({ concurrency: 3 });
    const hanging = [1, 2].map(() => run.order({ do: 'connectAndSpin', port: connections.port }));
    await connections.arrived(2);
    expect(run.kill()).toBe(2);
    expect(await Promise.all(hanging)).toMatchObject([
      { kind: 'functionError', errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('SIGKILL') },
      { kind: 'functionError', errorType: 'Runtime.ExitError' },
    ]);
    expect(run.kill()).toBe(0);
    expect(returned(await run.order({ do: 'describe' }))).toMatchObject({ invocations: 1 });
    expect(run.status()).toMatchObject({ coldStarts: 3, errors: 2, environments: 1 });
  });

  it('chooses no process that was just killed while idle', async () => {
    const run = probe();
    await run.order({ do: 'nothing' });
    expect(run.kill()).toBe(1);
    expect(await run.order({ do: 'nothing' })).toMatchObject({ kind: 'returned' });
  });

  it('leaves no process behind when it is closed, and is throttled then', async () => {
    const connections = await listen();
    const run = probe({ freeze: true });
    await run.order({ do: 'connect', port: connections.port });
    const gone = (await connections.arrived(1)).map((socket) => once(socket, 'close'));
    await run.close();
    await Promise.all(gone);
    expect(run.status().environments).toBe(0);
    expect(await run.order({ do: 'nothing' })).toMatchObject({ kind: 'notInvoked' });
  });

  it('is stopped between invocations when it freezes', async () => {
    const run = probe({ freeze: true });
    for (const invocations of [1, 2, 3]) {
      const description = returned(await run.order({ do: 'describe' }));
      expect(description).toMatchObject({ invocations });
      const { pid } = Object(description);
      const stopped = (): boolean =>
        execFileSync('ps', ['-o', 'state=', '-p', `${pid}`], { encoding: 'utf8' }).startsWith('T');
      while (!stopped()) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  });

  it('leaves no process behind when its parent is killed, not even a frozen or a looping one', async () => {
    const connections = await listen();
    const parent = spawn(process.execPath, [entry('parent.ts'), String(connections.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      parent.kill('SIGKILL');
    });
    const sockets = await connections.arrived(2);
    const gone = sockets.map((socket) => once(socket, 'close'));
    parent.kill('SIGKILL');
    await Promise.all(gone);
  });

  it('refuses options that Lambda refuses', () => {
    const options = { entry: entry('probe.ts') };
    expect(() => localFunction({ ...options, timeoutSeconds: 901 })).toThrow('timeoutSeconds: is 901');
    expect(() => localFunction({ ...options, memoryMb: 64 })).toThrow('memoryMb: is 64');
    expect(() => localFunction({ ...options, concurrency: 0 })).toThrow('concurrency: is 0');
  });
});

/** A server that functions connect to, so that the end of their process is seen as the end of a connection. */
async function listen() {
  const sockets: Socket[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
    for (const look of waiting) {
      look();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    arrived: (count: number): Promise<readonly Socket[]> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (sockets.length >= count) {
            resolve([...sockets]);
          }
        };
        waiting.push(look);
        look();
      }),
  };
}
