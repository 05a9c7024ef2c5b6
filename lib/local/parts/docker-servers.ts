import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { freePorts } from './free-ports.ts';
import type { Part, PartName } from './part.ts';
import { PartsError } from './parts-error.ts';
import { untilItAnswers } from './probe.ts';
import { type CommandResult, runCommand } from './run-command.ts';
import type { SupervisorLink } from './supervisor-link.ts';

const PULL_AND_START_TIMEOUT_MS = 15 * 60_000;
const START_TIMEOUT_MS = 120_000;
const SHORT_TIMEOUT_MS = 20_000;

/**
 * Starts parts as containers of `local/compose.yaml`, in a compose project of their own that ends with the supervisor.
 *
 * @throws PartsError with what Docker Compose said, or the end of the container's log when a server does not answer in time.
 */
export async function startDockerServers(
  wanted: readonly PartName[],
  link: SupervisorLink,
  local: string,
  environment: NodeJS.ProcessEnv,
  startTimeoutMs: number = START_TIMEOUT_MS,
): Promise<Part[]> {
  const file = join(local, 'compose.yaml');
  const [kafkaPort, localstackPort] = await freePorts(2);
  // Not by a file: Compose prefers the variables of its own environment, and Kubernetes sets KAFKA_PORT to a URL.
  const ports = { KAFKA_PORT: `${kafkaPort}`, LOCALSTACK_PORT: `${localstackPort}` };
  const project = ['compose', '-f', file, '-p', `kafka-once-${randomUUID().slice(0, 8)}`];
  const compose = (timeoutMs: number, ...args: readonly string[]): Promise<CommandResult> =>
    runCommand('docker', [...project, ...args], { environment: { ...environment, ...ports }, timeoutMs });

  await link.atEnd('docker', [...project, 'down', '--volumes', '--timeout', '2'], ports);
  const services = [...new Set(wanted.map(serviceOf))];
  const { code, output } = await compose(PULL_AND_START_TIMEOUT_MS, 'up', '-d', '--quiet-pull', ...services);
  if (code !== 0) throw new PartsError(await whyNotStarted(services, code, output, environment));

  const composeFile = await readFile(file, 'utf8');
  return Promise.all(
    wanted.map(async (name): Promise<Part> => {
      const endpoint = name === 'kafka' ? `127.0.0.1:${kafkaPort}` : `http://127.0.0.1:${localstackPort}`;
      try {
        await untilItAnswers(name, endpoint, { timeoutMs: startTimeoutMs });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const log = await compose(SHORT_TIMEOUT_MS, 'logs', '--no-color', '--tail', '40', serviceOf(name));
        // Compose 2.26 clears each line first, also where it is told to leave out colours.
        const text = stripVTControlCharacters(log.output).slice(-2000);
        throw new PartsError(`${why}. The end of its container's log:\n${text}`);
      }
      const image = name === 'kafka' ? 'apache/kafka' : 'localstack/localstack';
      return fixedPart(name, 'docker', endpoint, imageVersion(composeFile, image));
    }),
  );
}

function serviceOf(part: PartName): string {
  return part === 'kafka' ? 'kafka' : 'localstack';
}

/** Without the Compose plugin, `docker` takes its options for its own and complains about a shorthand flag. */
async function whyNotStarted(
  services: readonly string[],
  code: number | undefined,
  output: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const plugin = await runCommand('docker', ['compose', 'version'], { environment, timeoutMs: SHORT_TIMEOUT_MS });
  if (plugin.code !== 0) {
    return 'A Docker engine answers, but `docker compose version` fails: install the Compose plugin, version 2 or newer.';
  }
  const limit = code === undefined ? ` in ${PULL_AND_START_TIMEOUT_MS / 60_000} minutes` : '';
  return `docker compose could not start ${services.join(', ')}${limit}:\n${output.slice(-2000)}`;
}

/** A part that cannot be stopped or started alone. */
export function fixedPart(name: PartName, source: 'docker' | 'environment', endpoint: string, version: string): Part {
  const refuse = (): Promise<void> =>
    Promise.reject(
      new PartsError(`${name} at ${endpoint} is no process of ours: it cannot be stopped or started alone.`),
    );
  return { name, source, endpoint, version, processId: undefined, stop: refuse, start: refuse };
}

function imageVersion(composeFile: string, image: string): string {
  const start = composeFile.indexOf(`image: ${image}:`);
  const tag = /:\s*\S+:(\S+)/.exec(composeFile.slice(start))?.[1] ?? 'unknown';
  return image === 'apache/kafka' ? tag : `LocalStack ${tag}`;
}
