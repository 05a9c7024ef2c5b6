import { describe, expect, it } from 'vitest';
import { LOCALSTACK_IMAGE, runArguments } from '../../../lib/local/localstack/localstack-container.ts';
import { localStackEnvironment } from '../../../lib/local/localstack/localstack-environment.ts';

/** What both ways say to LocalStack. */
const always = {
  SQS_ENDPOINT_STRATEGY: 'path',
  DYNAMODB_IN_MEMORY: '1',
  DISABLE_EVENTS: '1',
  SKIP_SSL_CERT_DOWNLOAD: '1',
};

describe('LocalStack in a container', () => {
  const variables = {
    GATEWAY_LISTEN: '0.0.0.0:4577',
    LOCALSTACK_HOST: 'localhost.localstack.cloud:4577',
    ...always,
    DYNAMODB_SHARE_DB: '1',
    MAIN_CONTAINER_NAME: 'kafka-once-1',
    LAMBDA_IGNORE_ARCHITECTURE: '1',
    LAMBDA_DOCKER_FLAGS: '--label kafka-once.localstack=kafka-once-1',
  };
  const socket = '/run/user/1000/docker.sock';
  const expected = [
    ...['run', '--name', 'kafka-once-1', '--label', 'kafka-once.localstack=kafka-once-1', '--no-healthcheck'],
    ...['--publish', '127.0.0.1:4577:4577'],
    ...['--mount', `type=bind,source=${socket},target=/var/run/docker.sock`],
    ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    LOCALSTACK_IMAGE,
  ];

  it('is published to this machine alone, and has the socket of the engine where it looks for it', () => {
    expect(runArguments({ name: 'kafka-once-1', port: 4577, socket })).toEqual(expected);
  });
});

describe('LocalStack as processes', () => {
  const run = { folder: '/runs/1', cache: '/cache', plugin: '/local/localstack', port: 4577 };

  it('listens on the loopback alone, and has nothing of the environment but where programs and home are', () => {
    const environment = { PATH: '/bin', HOME: '/home/me', AWS_PROFILE: 'production', GATEWAY_LISTEN: '0.0.0.0:80' };
    expect(localStackEnvironment(run, environment)).toEqual({
      GATEWAY_LISTEN: '127.0.0.1:4577',
      LOCALSTACK_HOST: '127.0.0.1:4577',
      ...always,
      PATH: '/bin',
      HOME: '/home/me',
      PYTHONPATH: '/local/localstack',
      XDG_CACHE_HOME: '/cache/xdg',
      TMPDIR: '/runs/1/tmp',
      FILESYSTEM_ROOT: '/runs/1/root',
      CONFIG_DIR: '/runs/1/config',
      OVERRIDE_IN_DOCKER: '0',
      GATEWAY_SERVER: 'loopback',
      DNS_ADDRESS: '0',
      LAMBDA_RUNTIME_EXECUTOR: 'node-process',
      KAFKA_ONCE_NODE: process.execPath,
      KAFKA_ONCE_RUN_FOLDER: '/runs/1',
    });
  });

  it('has its own folder for a home where there is none', () => {
    expect(localStackEnvironment(run, {})).toMatchObject({ PATH: '', HOME: '/runs/1' });
  });
});
