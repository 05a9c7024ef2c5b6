import { dockerAnswers } from '../parts/machine.ts';
import { PartsError } from '../parts/parts-error.ts';
import { chooseLocalStackWay } from './choose-localstack-way.ts';
import type { LocalStack } from './localstack.ts';
import { startFromPyPi } from './localstack-from-pypi.ts';
import { localStackAnswers, localStackIsInDocker } from './localstack-health.ts';
import { startInDocker } from './localstack-in-docker.ts';

/**
 * Gives a LocalStack 4.14: the one at `AWS_ENDPOINT_URL` if that is set, else one in a container where a Docker engine answers,
 * else one from PyPI, run as plain processes. `KAFKA_ONCE_LOCALSTACK` (`docker` or `processes`) chooses between the last two.
 *
 * It listens on a free port of 127.0.0.1 only, keeps its data in memory, and ends with the process that started it.
 *
 * - Docker: the engine pulls LocalStack's image once, and Lambda's image of the runtime when the first function is made.
 *   LocalStack gets the engine's socket (`DOCKER_SOCK`, default the one that `docker` uses), and with it all that the engine may
 *   do, and runs each function in a container, which does not reach servers at 127.0.0.1 of this machine.
 * - PyPI: the first start installs about 300 MB into the cache folder of the local parts (`KAFKA_ONCE_CACHE`) and takes about
 *   40 seconds, each later one two to three; it holds about a gigabyte of memory. It needs Python 3.12 or 3.13, Java 17 or
 *   newer, and Maven for the first start. Functions of the `nodejs` runtimes run as local processes of this Node.
 *
 * @throws PartsError saying what is missing, in the engine's words what it could not do, or with the end of LocalStack's log.
 */
export const startLocalStack = async (environment: NodeJS.ProcessEnv = process.env): Promise<LocalStack> => {
  const running = environment.AWS_ENDPOINT_URL;
  if (running) return foundLocalStack(running);
  const way = await chooseLocalStackWay(environment.KAFKA_ONCE_LOCALSTACK, () => dockerAnswers(environment));
  return way === 'docker' ? startInDocker(environment) : startFromPyPi(environment);
};

async function foundLocalStack(endpointUrl: string): Promise<LocalStack> {
  if (!(await localStackAnswers(endpointUrl))) {
    throw new PartsError(`Nothing answers as LocalStack at AWS_ENDPOINT_URL (${endpointUrl}).`);
  }
  const stop = async (): Promise<void> => {};
  return {
    endpointUrl,
    source: 'environment',
    functionsReachLoopback: !(await localStackIsInDocker(endpointUrl)),
    processId: undefined,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
