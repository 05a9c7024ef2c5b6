import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cacheFolder } from '../parts/cache-folder.ts';
import { freePorts } from '../parts/free-ports.ts';
import { packageRoot } from '../parts/package-root.ts';
import { PartsError } from '../parts/parts-error.ts';
import { dynamoDbForLocalStack, layOutDynamoDb } from './dynamodb-for-localstack.ts';
import { installLocalStack } from './install-localstack.ts';
import { localStackEnvironment } from './localstack-environment.ts';

/** A LocalStack that answers. */
export interface LocalStack extends AsyncDisposable {
  /** For `endpoint` of AWS clients, or `AWS_ENDPOINT_URL`; any credentials do. */
  readonly endpointUrl: string;
  /** False when it was found by `AWS_ENDPOINT_URL`: then `stop` leaves it alone. */
  readonly startedHere: boolean;
  /** Of LocalStack's own process, when it was started here; its servers and functions are processes below it. */
  readonly processId: number | undefined;
  /** Ends it with all its processes and removes what it wrote. Calling it again does nothing. */
  readonly stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
/** It takes well under a second; this is for a Python that hangs. */
const STOP_TIMEOUT_MS = 15_000;
const HEALTH_PAUSE_MS = 200;

const answers = async (endpointUrl: string): Promise<boolean> => {
  try {
    const response = await fetch(new URL('/_localstack/health', endpointUrl), { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const waitUntilItAnswers = async (child: ChildProcess, endpointUrl: string, logFile: string): Promise<void> => {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(endpointUrl))) {
    if (hasEnded(child) || performance.now() > deadline) {
      const log = await readFile(logFile, 'utf8');
      const what = hasEnded(child) ? 'ended while it started' : `did not answer within ${START_TIMEOUT_MS} ms`;
      throw new PartsError(`LocalStack ${what}. The end of its log:\n${log.slice(-3000)}`);
    }
    await pause(HEALTH_PAUSE_MS);
  }
};

/** Closing its standard input asks it to end; see `launch.py`. */
const endProcess = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const last = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(last);
};

const startHere = async (environment: NodeJS.ProcessEnv): Promise<LocalStack> => {
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
  const endpointUrl = `http://127.0.0.1:${run.port}`;
  try {
    await waitUntilItAnswers(child, endpointUrl, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpointUrl, startedHere: true, processId: child.pid, stop, [Symbol.asyncDispose]: stop };
};

/**
 * Gives a LocalStack: the one at `AWS_ENDPOINT_URL` if that is set, else one from PyPI, run as plain processes without Docker.
 *
 * The first start installs about 300 MB into the cache folder of the local parts (`KAFKA_ONCE_CACHE`) and takes about 40
 * seconds, each later one two to three; it holds about a gigabyte of memory. It needs Python 3.12 or 3.13, Java 17 or newer,
 * and Maven for the first start. It listens on a free port of 127.0.0.1 only, keeps its data in memory, and ends with the
 * process that started it. Functions of the `nodejs` runtimes run as local processes of this Node.
 *
 * @throws PartsError saying what is missing, or with the end of LocalStack's log.
 */
export const startLocalStack = async (environment: NodeJS.ProcessEnv = process.env): Promise<LocalStack> => {
  const running = environment.AWS_ENDPOINT_URL;
  if (!running) return startHere(environment);
  if (!(await answers(running)))
    throw new PartsError(`Nothing answers as LocalStack at AWS_ENDPOINT_URL (${running}).`);
  const stop = async (): Promise<void> => {};
  return { endpointUrl: running, startedHere: false, processId: undefined, stop, [Symbol.asyncDispose]: stop };
};
