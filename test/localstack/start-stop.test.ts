import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import { findPython } from '../../lib/local/localstack/find-python.ts';
import { startLocalStack } from '../../lib/local/localstack/start-localstack.ts';
import * as clients from './clients.ts';

const { AWS_ENDPOINT_URL: _, ...others } = process.env;
const environment = { ...others, KAFKA_ONCE_LOCALSTACK: 'processes' };

/** The process and all below it. */
async function processTree(root: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const parent of tree) tree.push(...rows.flatMap(([id, of]) => (of === parent && id !== undefined ? [id] : [])));
  return tree;
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/** Starts what LocalStack starts on first use: here the Java process of its DynamoDB. */
async function useDynamoDb(endpoint: string): Promise<void> {
  await clients.dynamoDb(endpoint).send(new ListTablesCommand({}));
}

// A machine that runs it in containers need not have what this wants; test/integration/localstack has the way with Docker.
describe.skipIf(!inject('functionsReachLoopback'))('starting LocalStack without Docker', () => {
  it('leaves no process behind when it is stopped, however often', async () => {
    const localStack = await startLocalStack(environment);
    expect(localStack).toMatchObject({ source: 'process', functionsReachLoopback: true });
    await useDynamoDb(localStack.endpointUrl);
    const tree = await processTree(localStack.processId ?? 0);
    expect(tree.length).toBeGreaterThan(1);
    await localStack.stop();
    await localStack.stop();
    expect(tree.filter(isAlive)).toEqual([]);
  });

  it('leaves no process behind when its starter is killed', async () => {
    const module = new URL('../../lib/local/localstack/start-localstack.ts', import.meta.url).href;
    const script = `
      import { startLocalStack } from ${JSON.stringify(module)};
      const { endpointUrl, processId } = await startLocalStack();
      console.log(JSON.stringify({ endpointUrl, processId }));`;
    const starter = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let tree: number[];
    try {
      const [line] = await once(createInterface(starter.stdout), 'line');
      const { endpointUrl, processId } = JSON.parse(line);
      await useDynamoDb(endpointUrl);
      tree = await processTree(processId);
    } finally {
      starter.kill('SIGKILL');
    }
    await expect.poll(() => tree.filter(isAlive), { timeout: 20_000, interval: 200 }).toEqual([]);
  });

  it('uses the one at AWS_ENDPOINT_URL and leaves it running', async () => {
    const owned = await startLocalStack(environment);
    try {
      const found = await startLocalStack({ ...environment, AWS_ENDPOINT_URL: owned.endpointUrl });
      expect(found).toMatchObject({
        endpointUrl: owned.endpointUrl,
        source: 'environment',
        functionsReachLoopback: true,
      });
      await found.stop();
      await expect(useDynamoDb(owned.endpointUrl)).resolves.toBeUndefined();
    } finally {
      await owned.stop();
    }
  });

  it('says so when nothing answers at AWS_ENDPOINT_URL', async () => {
    // Port 1 is reserved and has no server.
    const start = startLocalStack({ ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    await expect(start).rejects.toThrow('Nothing answers as LocalStack at AWS_ENDPOINT_URL (http://127.0.0.1:1)');
  });

  it('says what to do when there is no suitable Python', async () => {
    const start = findPython({ ...environment, KAFKA_ONCE_PYTHON: 'no-such-python' });
    await expect(start).rejects.toThrow(/needs Python 3\.12 or 3\.13 .* Tried no-such-python\./);
  });
});
