import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import type { Part, PartName } from './part.ts';
import { PartsError } from './parts-error.ts';
import { untilItAnswers } from './probe.ts';
import { runCommand } from './run-command.ts';
import type { SupervisorLink } from './supervisor-link.ts';

const PULL_AND_START_TIMEOUT_MS = 15 * 60_000;
const START_TIMEOUT_MS = 120_000;

/** Starts parts as containers of `local/compose.yaml`, in a compose project of their own that ends with the supervisor. */
export async function startDockerServers(
  wanted: readonly PartName[],
  link: SupervisorLink,
  local: string,
  environment: NodeJS.ProcessEnv,
): Promise<Part[]> {
  const file = join(local, 'compose.yaml');
  const [kafkaPort, localstackPort] = await freePorts(2);
  const ports = join(link.dataFolder, 'ports.env');
  await writeFile(ports, `KAFKA_PORT=${kafkaPort}\nLOCALSTACK_PORT=${localstackPort}\n`);
  const project = `kafka-once-${randomUUID().slice(0, 8)}`;
  const compose = ['compose', '-f', file, '-p', project];

  await link.atEnd('docker', [...compose, 'down', '--volumes', '--timeout', '2']);
  const services = [...new Set(wanted.map((part) => (part === 'kafka' ? 'kafka' : 'localstack')))];
  const { code, output } = await runCommand('docker', [...compose, '--env-file', ports, 'up', '-d', ...services], {
    environment,
    timeoutMs: PULL_AND_START_TIMEOUT_MS,
  });
  if (code !== 0)
    throw new PartsError(`docker compose could not start ${services.join(', ')}:\n${output.slice(-2000)}`);

  const text = await readFile(file, 'utf8');
  return Promise.all(
    wanted.map(async (name): Promise<Part> => {
      const endpoint = name === 'kafka' ? `127.0.0.1:${kafkaPort}` : `http://127.0.0.1:${localstackPort}`;
      await untilItAnswers(name, endpoint, { timeoutMs: START_TIMEOUT_MS });
      const image = name === 'kafka' ? 'apache/kafka' : 'localstack/localstack';
      return fixedPart(name, 'docker', endpoint, imageVersion(text, image));
    }),
  );
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
