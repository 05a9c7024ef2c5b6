import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layOutRuntimeSdk } from '../esm/runtime-sdk.ts';
import { cacheFolder } from '../parts/cache-folder.ts';
import { freePorts } from '../parts/free-ports.ts';
import { packageRoot } from '../parts/package-root.ts';
import { PartsError } from '../parts/parts-error.ts';
import { dynamoDbForLocalStack, layOutDynamoDb } from './dynamodb-for-localstack.ts';
import { installLocalStack } from './install-localstack.ts';
import type { LocalStack } from './localstack.ts';
import { localStackEnvironment } from './localstack-environment.ts';
import { untilLocalStackAnswers } from './localstack-health.ts';

const START_TIMEOUT_MS = 60_000;
/** It takes well under a second; this is for a Python that hangs. */
const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts LocalStack from PyPI as plain processes, installing it first where this cache has none.
 *
 * @throws PartsError saying what is missing, or with the end of LocalStack's log.
 */
export async function startFromPyPi(environment: NodeJS.ProcessEnv): Promise<LocalStack> {
  const local = join(packageRoot(), 'local');
  const partsCache = cacheFolder(packageRoot(), environment);
  const cache = join(partsCache, 'localstack');
  await mkdir(cache, { recursive: true });
  const [python, dynamoDb, [port]] = await Promise.all([
    installLocalStack(cache, join(local, 'localstack', 'requirements.txt'), environment),
    dynamoDbForLocalStack(partsCache, local, environment),
    freePorts(1),
  ]);
  if (port === undefined) throw new PartsError('No free port on 127.0.0.1.');
  const folder = await mkdtemp(join(cache, 'run-'));
  const run = { folder, cache, plugin: join(folder, 'plugin'), port };
  await mkdir(join(folder, 'tmp'));
  // Functions are unpacked below: without it their `.js` files would take their module kind from a package.json further up.
  await writeFile(join(folder, 'package.json'), '{}\n');
  await layOutRuntimeSdk(folder);
  // A copy, so that Python's compiled files land in the cache.
  await cp(join(local, 'localstack', 'plugin'), run.plugin, { recursive: true });
  await layOutDynamoDb(join(folder, 'root'), dynamoDb);

  const logFile = join(folder, 'localstack.log');
  const log = await open(logFile, 'w');
  const child = spawn(python, ['-m', 'kafka_once_localstack.launch'], {
    cwd: folder,
    env: localStackEnvironment(run, environment),
    stdio: ['pipe', log.fd, log.fd],
  });
  await once(child, 'spawn');
  await log.close();
  const stop = async (): Promise<void> => {
    await endProcess(child);
    await rm(folder, { recursive: true, force: true });
  };
  const endpointUrl = `http://127.0.0.1:${port}`;
  try {
    await untilLocalStackAnswers(endpointUrl, {
      timeoutMs: START_TIMEOUT_MS,
      hasEnded: () => hasEnded(child),
      log: () => readFile(logFile, 'utf8'),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const { pid: processId } = child;
  return {
    endpointUrl,
    source: 'process',
    functionsReachLoopback: true,
    processId,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Closing its standard input asks it to end; see `launch.py`. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const last = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(last);
}
