import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { engineSocket } from '../../../lib/local/localstack/engine-socket.ts';
import { startInDocker } from '../../../lib/local/localstack/localstack-in-docker.ts';
import { startLocalStack } from '../../../lib/local/localstack/start-localstack.ts';
import { dockerStandIn } from './docker-stand-in.ts';

const image = 'localstack/localstack:4.14.0';

async function connects(endpointUrl: string): Promise<boolean> {
  const { hostname, port } = new URL(endpointUrl);
  const socket = connect({ host: hostname, port: Number(port) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The name of the container that was run. */
function nameIn(calls: readonly (readonly string[])[]): string {
  const run = calls.find(([command]) => command === 'run') ?? [];
  return run[run.indexOf('--name') + 1] ?? '';
}

/** What was said after the container was run. */
function afterRun(calls: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return calls.slice(calls.findIndex(([command]) => command === 'run') + 1);
}

/** What is said at the end, whatever ended it. */
const removals = (name: string): readonly (readonly string[])[] => [
  ['rm', '--force', '--volumes', name],
  ['ps', '--all', '--quiet', '--filter', `label=kafka-once.localstack=${name}`],
  ['rm', '--force', '--volumes', 'made-for-a-function'],
];

describe('LocalStack in Docker', () => {
  it('is started where an engine answers, and removed with its functions by stop(), however often', async () => {
    const docker = await dockerStandIn("if (args[0] === 'context') console.log('unix:///run/user/7/docker.sock');");
    const environment = { PATH: docker.path };
    const localStack = await startLocalStack(environment);
    const { endpointUrl, source, functionsReachLoopback, processId } = localStack;
    expect({ source, functionsReachLoopback, processId }).toEqual({
      source: 'docker',
      functionsReachLoopback: false,
      processId: undefined,
    });
    expect(await connects(endpointUrl)).toBe(true);
    await localStack.stop();
    await localStack.stop();
    expect(await connects(endpointUrl)).toBe(false);

    const calls = (await docker.calls()).filter(([command]) => command !== 'context');
    const name = nameIn(calls);
    const { port } = new URL(endpointUrl);
    const socket = await engineSocket(environment);
    const variables = {
      GATEWAY_LISTEN: `0.0.0.0:${port}`,
      LOCALSTACK_HOST: `localhost.localstack.cloud:${port}`,
      SQS_ENDPOINT_STRATEGY: 'path',
      DYNAMODB_IN_MEMORY: '1',
      DISABLE_EVENTS: '1',
      SKIP_SSL_CERT_DOWNLOAD: '1',
      DYNAMODB_SHARE_DB: '1',
      MAIN_CONTAINER_NAME: name,
      LAMBDA_IGNORE_ARCHITECTURE: '1',
      LAMBDA_DOCKER_FLAGS: `--label kafka-once.localstack=${name}`,
    };
    expect(name).toMatch(/^kafka-once-localstack-[0-9a-f]{8}$/);
    expect(calls).toEqual([
      ['info'],
      ['image', 'inspect', image],
      [
        ...['run', '--name', name, '--label', `kafka-once.localstack=${name}`, '--no-healthcheck'],
        ...['--publish', `127.0.0.1:${port}:${port}`],
        ...['--mount', `type=bind,source=${socket},target=/var/run/docker.sock`],
        ...Object.entries(variables).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
        image,
      ],
      ...removals(name),
    ]);
  });

  it('is removed with its functions when its starter is killed', async () => {
    const docker = await dockerStandIn();
    const module = new URL('../../../lib/local/localstack/start-localstack.ts', import.meta.url).href;
    const script = `
      import { startLocalStack } from ${JSON.stringify(module)};
      const { endpointUrl } = await startLocalStack();
      console.log(endpointUrl);
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      env: { PATH: docker.path },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let endpointUrl: string;
    try {
      [endpointUrl] = await once(createInterface(starter.stdout), 'line');
      expect(await connects(endpointUrl)).toBe(true);
    } finally {
      starter.kill('SIGKILL');
    }
    const calls = async (): Promise<readonly (readonly string[])[]> => afterRun(await docker.calls());
    await expect.poll(calls, { timeout: 20_000 }).toEqual(removals(nameIn(await docker.calls())));
    await expect.poll(() => connects(endpointUrl), { timeout: 20_000 }).toBe(false);
  });

  it('is pulled where the engine has no such image', async () => {
    const docker = await dockerStandIn(`if (args[0] === 'image') fail('No such image', 1);`);
    await using _localStack = await startLocalStack({ PATH: docker.path });
    expect((await docker.calls()).slice(1, 3)).toEqual([
      ['image', 'inspect', image],
      ['pull', '--quiet', image],
    ]);
  });

  it("tells a failed pull in the engine's words, and what to do", async () => {
    const docker = await dockerStandIn(`if (args[0] === 'image') fail('No such image', 1);
      if (args[0] === 'pull') fail('Error response from daemon: Get "https://registry-1.docker.io/v2/": no such host', 1);`);
    await expect(startLocalStack({ PATH: docker.path })).rejects.toThrow(
      [
        `The Docker engine could not pull ${image}:`,
        'Error response from daemon: Get "https://registry-1.docker.io/v2/": no such host',
        'Let it reach the registry, or give it the image by `docker load`. ' +
          'KAFKA_ONCE_LOCALSTACK=processes takes LocalStack from PyPI and needs no Docker.',
      ].join('\n'),
    );
    expect((await docker.calls()).at(-1)).toEqual(['pull', '--quiet', image]);
  });

  it('tells what Docker or LocalStack said when it ends while it starts, and removes what there is', async () => {
    const docker = await dockerStandIn(`if (args[0] === 'run') fail(
      'docker: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /var/run/docker.sock', 125);`);
    await expect(startLocalStack({ PATH: docker.path })).rejects.toThrow(
      /^LocalStack ended while it started\. The end of its log:\n.*bind source path does not exist: .*\nDOCKER_SOCK names [^\n]* not \/var\/run\/docker\.sock\. KAFKA_ONCE_LOCALSTACK=processes/s,
    );
    const calls = await docker.calls();
    expect(afterRun(calls)).toEqual(removals(nameIn(calls)).slice(0, 2));
  });

  it('tells the end of its log when it does not answer in time, and is removed', async () => {
    const docker = await dockerStandIn(`if (args[0] === 'run') {
      process.stdout.write('Ready.. not\\n');
      setInterval(() => {}, 1000);
      return;
    }`);
    // Its first look at the clock is after its first question.
    await expect(startInDocker({ PATH: docker.path }, 1000)).rejects.toThrow(
      /^LocalStack did not answer within 1000 ms\. The end of its log:\nReady\.\. not\n/,
    );
    const calls = await docker.calls();
    expect(calls.at(-2)).toEqual(removals(nameIn(calls))[0]);
  });

  it('is not asked for where KAFKA_ONCE_LOCALSTACK says processes', async () => {
    const docker = await dockerStandIn();
    const environment = {
      PATH: docker.path,
      KAFKA_ONCE_LOCALSTACK: 'processes',
      KAFKA_ONCE_CACHE: docker.path,
      KAFKA_ONCE_PYTHON: 'no-such-python',
    };
    await expect(startLocalStack(environment)).rejects.toThrow('Tried no-such-python.');
    await expect(docker.calls()).rejects.toThrow('ENOENT');
  });

  it('is recognised where AWS_ENDPOINT_URL names it, and left running', async () => {
    const docker = await dockerStandIn();
    await using owned = await startLocalStack({ PATH: docker.path });
    const found = await startLocalStack({ AWS_ENDPOINT_URL: owned.endpointUrl });
    expect(found).toMatchObject({ source: 'environment', functionsReachLoopback: false });
    await found.stop();
    expect(await connects(owned.endpointUrl)).toBe(true);
  });
});

describe('the socket that LocalStack is given', () => {
  const asked = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];

  it.each([
    ['an engine without root', 'unix:///run/user/7/docker.sock', '/run/user/7/docker.sock'],
    ['the engine of every machine', 'unix:///var/run/docker.sock', '/var/run/docker.sock'],
    ['Docker Desktop, in its virtual machine', 'unix:///home/me/.docker/desktop/docker.sock', '/var/run/docker.sock'],
    ['an engine by TCP, on its machine', 'tcp://127.0.0.1:2375', '/var/run/docker.sock'],
  ])('is that of %s', async (_, host, socket) => {
    const docker = await dockerStandIn(`if (args[0] === 'context') console.log('${host}');`);
    expect(await engineSocket({ PATH: docker.path }, 'linux')).toBe(socket);
    expect(await docker.calls()).toEqual([asked]);
  });

  it('is the usual one for a client that knows no contexts', async () => {
    const docker = await dockerStandIn("if (args[0] === 'context') fail('unix:///no/context', 125);");
    expect(await engineSocket({ PATH: docker.path }, 'linux')).toBe('/var/run/docker.sock');
  });

  it('is the usual one where the engine is always in a virtual machine', async () => {
    const docker = await dockerStandIn();
    expect(await engineSocket({ PATH: docker.path }, 'darwin')).toBe('/var/run/docker.sock');
    await expect(docker.calls()).rejects.toThrow('ENOENT');
  });

  it('is the one of DOCKER_SOCK, if that names one', async () => {
    const docker = await dockerStandIn("if (args[0] === 'context') console.log('unix:///run/user/7/docker.sock');");
    expect(await engineSocket({ PATH: docker.path, DOCKER_SOCK: '/own/docker.sock' }, 'linux')).toBe(
      '/own/docker.sock',
    );
    expect(await engineSocket({ PATH: docker.path, DOCKER_SOCK: '' }, 'linux')).toBe('/run/user/7/docker.sock');
  });
});
