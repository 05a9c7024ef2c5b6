import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { startDockerServers } from '../../../lib/local/parts/docker-servers.ts';
import { startParts } from '../../../lib/local/parts/index.ts';
import { SupervisorLink } from '../../../lib/local/parts/supervisor-link.ts';
import { sqsClient } from '../../support/fresh.ts';

// No Docker engine is needed: this `docker` notes its arguments and ports, and its "container" is a forwarder to the
// run's own SQS. What it says when something fails, Docker 28.2 with Compose 2.40 said to the same arguments.
const dockerProgram = (targetPort: string, before: string): string => `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const args = process.argv.slice(2);
const { KAFKA_PORT, LOCALSTACK_PORT } = process.env;
appendFileSync(__dirname + '/calls', JSON.stringify({ args, ports: [KAFKA_PORT, LOCALSTACK_PORT] }) + '\\n');
const fail = (text, code) => { process.stderr.write(text + '\\n'); process.exit(code) };
${before}
if (args.includes('up')) {
  const forward = "require('node:net').createServer((socket) => {" +
    "const other = require('node:net').connect(${targetPort}, '127.0.0.1');" +
    "socket.pipe(other).pipe(socket); socket.on('error', () => {}); other.on('error', () => {}) }).listen(" + LOCALSTACK_PORT + ", '127.0.0.1')";
  const child = spawn(process.execPath, ['-e', forward], { detached: true, stdio: 'ignore' });
  writeFileSync(__dirname + '/container', String(child.pid));
  child.unref();
}
const container = __dirname + '/container';
if (args.includes('down') && existsSync(container)) {
  process.kill(Number(readFileSync(container, 'utf8')), 'SIGKILL');
  // As with Docker, it is gone when this returns.
  const untilGone = () => require('node:net').connect(LOCALSTACK_PORT, '127.0.0.1')
    .on('connect', function () { this.destroy(); setImmediate(untilGone) })
    .on('error', () => {});
  untilGone();
}
`;

/** Puts a `docker` into a folder of its own. */
async function standIn(before = ''): Promise<{ path: string; calls: () => Promise<unknown[]> }> {
  const path = await mkdtemp(join(tmpdir(), 'docker-'));
  onTestFinished(() => rm(path, { recursive: true }));
  await writeFile(join(path, 'docker'), dockerProgram(new URL(inject('sqsEndpoint')).port, before), { mode: 0o755 });
  return {
    path,
    async calls() {
      const lines = (await readFile(join(path, 'calls'), 'utf8')).trim().split('\n');
      return lines.map((line): unknown => JSON.parse(line));
    },
  };
}

const project = [
  ...['compose', '-f', expect.stringMatching(/local.compose\.yaml$/)],
  ...['-p', expect.stringMatching(/^kafka-once-/)],
];

describe('with Docker', () => {
  it('one compose project is brought up, answers, and is taken down by stop(), whatever ports the environment has', async () => {
    const docker = await standIn();
    const told: string[] = [];
    const parts = await startParts({
      sqs: true,
      // Kubernetes sets such a variable for a service that is called kafka.
      environment: { PATH: docker.path, KAFKA_ONCE_PARTS: 'docker', KAFKA_PORT: 'tcp://10.0.0.7:9092' },
      onProgress: (text) => told.push(text),
    });
    const { endpoint, source, version } = parts.part('sqs');
    const client = sqsClient({ endpoint });
    expect((await client.send(new ListQueuesCommand({}))).$metadata.httpStatusCode).toBe(200);
    client.destroy();
    expect({ source, version }).toEqual({ source: 'docker', version: 'LocalStack 4.14.0' });
    expect(told).toEqual(['Starting containers; Docker Compose pulls their images the first time']);
    await parts.stop();

    const { port } = new URL(endpoint);
    const ports = [expect.stringMatching(/^\d+$/), port];
    expect(await docker.calls()).toEqual([
      expect.objectContaining({ args: ['info'] }),
      { args: [...project, 'up', '-d', '--quiet-pull', 'localstack'], ports },
      { args: [...project, 'down', '--volumes', '--timeout', '2'], ports },
    ]);
    const connected = new Promise((resolve, reject) => {
      connect({ host: '127.0.0.1', port: Number(port) })
        .once('connect', resolve)
        .once('error', reject);
    });
    await expect(connected).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('a failed pull is told in the words of the engine, and nothing is left up', async () => {
    const docker = await standIn(`if (args.includes('up')) fail(
      ' kafka Error Get "https://registry-1.docker.io/v2/": no such host\\\\n' +
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": no such host', 1);`);
    const environment = { PATH: docker.path, KAFKA_ONCE_PARTS: 'docker' };

    await expect(startParts({ kafka: true, dynamodb: true, sqs: true, environment })).rejects.toThrow(
      /^docker compose could not start kafka, localstack:\n.*Error response from daemon: Get [^\n]* no such host\n$/s,
    );

    expect((await docker.calls()).at(-1)).toMatchObject({ args: expect.arrayContaining(['down']) });
  });

  it('a client without the Compose plugin is told from a failed start', async () => {
    const docker = await standIn(`if (args[0] === 'compose') fail(
      args[1] === 'version' ? 'docker: unknown command: docker compose' : "unknown shorthand flag: 'f' in -f", 1);`);
    const environment = { PATH: docker.path, KAFKA_ONCE_PARTS: 'docker' };

    await expect(startParts({ kafka: true, environment })).rejects.toThrow(
      'A Docker engine answers, but `docker compose version` fails: install the Compose plugin, version 2 or newer.',
    );
  });

  it("a server that does not answer in time is told with the end of its container's log", async () => {
    const docker = await standIn(`if (args.includes('logs')) fail('\\x1b[2Kkafka-1  | no space left on device', 0);
      if (args.includes('up')) process.exit(0);`);
    await using link = await SupervisorLink.open({ PATH: docker.path });
    const local = join(import.meta.dirname, '../../../local');

    await expect(startDockerServers(['kafka'], link, local, { PATH: docker.path }, 0)).rejects.toThrow(
      /^kafka did not answer at 127\.0\.0\.1:\d+ within 0 ms: .*\. The end of its container's log:\nkafka-1 {2}\| no space left on device\n$/,
    );

    const logs = { args: [...project, 'logs', '--no-color', '--tail', '40', 'kafka'] };
    expect((await docker.calls()).at(-1)).toMatchObject(logs);
  });
});
