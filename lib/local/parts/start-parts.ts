import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { chooseWay } from './choose-way.ts';
import { fixedPart, startDockerServers } from './docker-servers.ts';
import { dynamodbPlan } from './dynamodb-plan.ts';
import { fetchJars, jarFolder, jarsAreThere } from './fetch-jars.ts';
import { startJavaServer } from './java-server.ts';
import { kafkaPlan } from './kafka-plan.ts';
import { dockerAnswers, findJava, hasMaven } from './machine.ts';
import { namedServer } from './named-servers.ts';
import { packageRoot } from './package-root.ts';
import { PART_NAMES, type Part, type PartName } from './part.ts';
import { makeParts, type Parts } from './parts.ts';
import { PartsError } from './parts-error.ts';
import { untilItAnswers } from './probe.ts';
import { s3Plan } from './s3-plan.ts';
import type { ServerPlan } from './server-plan.ts';
import { sqsPlan } from './sqs-plan.ts';
import { SupervisorLink } from './supervisor-link.ts';

const PLANS: Readonly<Record<PartName, ServerPlan>> = {
  kafka: kafkaPlan,
  dynamodb: dynamodbPlan,
  sqs: sqsPlan,
  s3: s3Plan,
};

const NAMED_SERVER_TIMEOUT_MS = 2_000;

/** Which parts to start, and with what; every part is off unless it is asked for. */
export interface StartPartsOptions {
  readonly kafka?: boolean;
  readonly dynamodb?: boolean;
  readonly sqs?: boolean;
  readonly s3?: boolean;
  /** The environment to read and to give to the servers; default `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told in a sentence what takes long (fetching, once for each project folder, or each `KAFKA_ONCE_CACHE`; pulling images); default silent. */
  readonly onProgress?: (text: string) => void;
}

/**
 * Starts real servers for Kafka, DynamoDB, SQS and S3 on 127.0.0.1 and resolves when each answers in its own protocol.
 *
 * - A part that the environment names (`KAFKA_BROKERS`, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`) is used, not
 *   started.
 * - Else Java processes (Java 17 or newer; Maven for the first time, which fetches about 150 MB, once for each project folder or each `KAFKA_ONCE_CACHE`), else containers
 *   where a Docker engine answers; `KAFKA_ONCE_PARTS` is `processes` or `docker` to decide.
 * - Everything is gone, temporary data included, after `stop()`, and also when this process ends in any other way.
 *
 * @throws PartsError that says what is missing or what did not start.
 */
export async function startParts(options: StartPartsOptions): Promise<Parts> {
  const environment = options.environment ?? process.env;
  const wanted = PART_NAMES.filter((name) => options[name] === true);
  const named = await Promise.all(wanted.map((name) => useNamedServer(name, environment)));
  const missing = wanted.filter((_, index) => named[index] === undefined);
  const running = named.filter((part) => part !== undefined);
  if (missing.length === 0) return makeParts(running, undefined);

  const local = join(packageRoot(), 'local');
  const cache = cacheFolder(packageRoot(), environment);
  const jars = new Map<PartName, string>();
  for (const name of missing) jars.set(name, await jarFolder(name, local, cache));
  const java = await findJava(environment);
  const way = await chooseWay(environment.KAFKA_ONCE_PARTS, {
    java,
    jars: [...jars.values()].every(jarsAreThere) || hasMaven(environment),
    dockerAnswers: () => dockerAnswers(environment),
  });

  if (way === 'processes' && java !== undefined) {
    for (const [name, folder] of jars) {
      if (jarsAreThere(folder)) continue;
      options.onProgress?.(`Fetching ${name} with Maven, once for ${cache}`);
      const { finishFetch } = PLANS[name];
      const finish = (unfinished: string): Promise<void> =>
        finishFetch?.(unfinished, local, java.command, environment) ?? Promise.resolve();
      await fetchJars(name, folder, { localFolder: local, environment, finish });
    }
  }

  if (way === 'docker') options.onProgress?.('Starting containers; Docker Compose pulls their images the first time');
  const link = await SupervisorLink.open(environment);
  try {
    const started =
      way === 'docker' || java === undefined
        ? await startDockerServers(missing, link, local, environment)
        : await Promise.all(
            [...jars].map(([name, folder]) =>
              startJavaServer(PLANS[name], link, { jars: folder, local, java: java.command }),
            ),
          );
    return makeParts([...running, ...started], link);
  } catch (error) {
    await link[Symbol.asyncDispose]();
    throw error;
  }
}

async function useNamedServer(name: PartName, environment: NodeJS.ProcessEnv): Promise<Part | undefined> {
  const server = namedServer(name, environment);
  if (server === undefined) return undefined;
  try {
    await untilItAnswers(name, server.endpoint, { timeoutMs: NAMED_SERVER_TIMEOUT_MS });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PartsError(
      `${server.variable} names a server that is not there: ${why}. Start it or unset the variable.`,
    );
  }
  return fixedPart(name, 'environment', server.endpoint, 'unknown');
}
