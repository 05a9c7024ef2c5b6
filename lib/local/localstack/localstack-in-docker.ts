import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../parts/free-ports.ts';
import { PartsError } from '../parts/parts-error.ts';
import { runCommand } from '../parts/run-command.ts';
import { SupervisorLink } from '../parts/supervisor-link.ts';
import { engineSocket } from './engine-socket.ts';
import type { LocalStack } from './localstack.ts';
import { LOCALSTACK_IMAGE, removal, runArguments } from './localstack-container.ts';
import { untilLocalStackAnswers } from './localstack-health.ts';

const PULL_TIMEOUT_MS = 15 * 60_000;
const SHORT_TIMEOUT_MS = 20_000;
const START_TIMEOUT_MS = 120_000;
const OTHERWISE = 'KAFKA_ONCE_LOCALSTACK=processes takes LocalStack from PyPI and needs no Docker.';

/**
 * Starts LocalStack's image by the Docker engine, pulling it first where the engine has none. A supervisor process removes its
 * containers when this process ends, however that happens.
 *
 * @throws PartsError with the engine's own words, or the end of LocalStack's log.
 */
export async function startInDocker(
  environment: NodeJS.ProcessEnv,
  startTimeoutMs: number = START_TIMEOUT_MS,
): Promise<LocalStack> {
  await havePulled(environment);
  const socket = await engineSocket(environment);
  const [port] = await freePorts(1);
  if (port === undefined) throw new PartsError('No free port on 127.0.0.1.');
  const name = `kafka-once-localstack-${randomUUID().slice(0, 8)}`;
  const endpointUrl = `http://127.0.0.1:${port}`;
  const link = await SupervisorLink.open(environment);
  const stop = async (): Promise<void> => {
    // The client alone: asked in an orderly way, LocalStack would take its time over what is removed anyhow.
    if (link.processId(name) !== undefined) await link.stop(name, 'SIGKILL');
    await link[Symbol.asyncDispose]();
  };
  const { command, args } = removal(name);
  try {
    await link.atEnd(command, args, {});
    const logFile = join(link.dataFolder, 'localstack.log');
    await link.start(name, 'docker', runArguments({ name, port, socket }), logFile);
    await untilLocalStackAnswers(endpointUrl, {
      timeoutMs: startTimeoutMs,
      hasEnded: () => link.processId(name) === undefined,
      log: () => readFile(logFile, 'utf8'),
    });
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message.trimEnd() : String(error);
    throw new PartsError(`${why}\nDOCKER_SOCK names the engine's socket where it is not ${socket}. ${OTHERWISE}`);
  }
  return {
    endpointUrl,
    source: 'docker',
    functionsReachLoopback: false,
    processId: undefined,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** `docker pull` asks the registry also for an image that is there. */
async function havePulled(environment: NodeJS.ProcessEnv): Promise<void> {
  const inspected = await runCommand('docker', ['image', 'inspect', LOCALSTACK_IMAGE], {
    environment,
    timeoutMs: SHORT_TIMEOUT_MS,
  });
  if (inspected.code === 0) return;
  const { code, output } = await runCommand('docker', ['pull', '--quiet', LOCALSTACK_IMAGE], {
    environment,
    timeoutMs: PULL_TIMEOUT_MS,
  });
  if (code === 0) return;
  const limit = code === undefined ? ` in ${PULL_TIMEOUT_MS / 60_000} minutes` : '';
  throw new PartsError(
    `The Docker engine could not pull ${LOCALSTACK_IMAGE}${limit}:\n${output.slice(-2000).trimEnd()}\n` +
      `Let it reach the registry, or give it the image by \`docker load\`. ${OTHERWISE}`,
  );
}
