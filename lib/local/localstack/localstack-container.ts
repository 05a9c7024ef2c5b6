import { DOCKER_SOCKET } from './engine-socket.ts';
import { LOCALSTACK_NAME } from './localstack-name.ts';
import { localStackSettings } from './localstack-settings.ts';

/** The last image that needs no account; the version that comes from PyPI too. */
export const LOCALSTACK_IMAGE = 'localstack/localstack:4.14.0';

/** On the containers of a run, LocalStack's own and those of its functions; its value is the run's name. */
const RUN_LABEL = 'kafka-once.localstack';

/** One run of LocalStack in a container. */
export interface ContainerRun {
  /** Of the container, and in its label. */
  readonly name: string;
  readonly port: number;
  /** Of the engine, as the engine's own machine has it. */
  readonly socket: string;
}

/** Arguments of `docker` that run LocalStack in the foreground, its log on the standard output. */
export function runArguments({ name, port, socket }: ContainerRun): readonly string[] {
  const label = `${RUN_LABEL}=${name}`;
  const variables = {
    // A name that functions in containers resolve: the SDK for JavaScript sends to the host of a queue URL.
    ...localStackSettings(`0.0.0.0:${port}`, `${LOCALSTACK_NAME}:${port}`),
    // One database for all Regions, as without Docker.
    DYNAMODB_SHARE_DB: '1',
    MAIN_CONTAINER_NAME: name,
    // Zipped JavaScript runs on either; the image of the other architecture would want an emulator.
    LAMBDA_IGNORE_ARCHITECTURE: '1',
    LAMBDA_DOCKER_FLAGS: `--label ${label}`,
  };
  return [
    // Its health check asks port 4566, with a Python process every ten seconds.
    ...['run', '--name', name, '--label', label, '--no-healthcheck'],
    ...['--publish', `127.0.0.1:${port}:${port}`],
    // Functions run in containers of their own, which LocalStack makes. A mount that is missing fails; `--volume` would make a folder.
    ...['--mount', `type=bind,source=${socket},target=${DOCKER_SOCKET}`],
    ...Object.entries(variables).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
    LOCALSTACK_IMAGE,
  ];
}

/** A command that removes what the run left: LocalStack first, so that it makes no more, then its functions. */
export function removal(name: string): { readonly command: string; readonly args: readonly string[] } {
  const script = [
    'docker rm --force --volumes "$1"',
    `docker ps --all --quiet --filter "label=${RUN_LABEL}=$1" | while read -r id; do docker rm --force --volumes "$id"; done`,
  ].join('\n');
  return { command: '/bin/sh', args: ['-c', script, 'sh', name] };
}
