import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { expect, inject, it } from 'vitest';
import { startParts } from '../../../lib/local/parts/index.ts';
import { sqsClient } from '../../support/fresh.ts';

// No Docker engine is needed: this `docker` notes its arguments, and its "container" is a forwarder to the run's own SQS.
const dockerProgram = (targetPort: string): string => `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const args = process.argv.slice(2);
appendFileSync(__dirname + '/calls', JSON.stringify(args) + '\\n');
if (args.includes('up')) {
  const ports = readFileSync(args[args.indexOf('--env-file') + 1], 'utf8');
  const port = /LOCALSTACK_PORT=(\\d+)/.exec(ports)[1];
  const forward = "require('node:net').createServer((socket) => {" +
    "const other = require('node:net').connect(${targetPort}, '127.0.0.1');" +
    "socket.pipe(other).pipe(socket); socket.on('error', () => {}); other.on('error', () => {}) }).listen(" + port + ", '127.0.0.1')";
  const child = spawn(process.execPath, ['-e', forward], { detached: true, stdio: 'ignore' });
  writeFileSync(__dirname + '/container', String(child.pid));
  child.unref();
}
if (args.includes('down')) process.kill(Number(readFileSync(__dirname + '/container', 'utf8')), 'SIGKILL');
`;

it('with Docker: one compose project is brought up, answers, and is taken down by stop()', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'docker-'));
  await writeFile(join(folder, 'docker'), dockerProgram(new URL(inject('sqsEndpoint')).port), { mode: 0o755 });

  const parts = await startParts({ sqs: true, environment: { PATH: folder, KAFKA_ONCE_PARTS: 'docker' } });
  const { endpoint, source, version } = parts.part('sqs');
  const client = sqsClient({ endpoint });
  expect((await client.send(new ListQueuesCommand({}))).$metadata.httpStatusCode).toBe(200);
  client.destroy();
  expect({ source, version }).toEqual({ source: 'docker', version: 'LocalStack 4.14.0' });
  await parts.stop();

  const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
  const [info, up, down] = calls.map((line): unknown => JSON.parse(line));
  expect(info).toEqual(['info']);
  const project = [
    'compose',
    '-f',
    expect.stringMatching(/local.compose\.yaml$/),
    '-p',
    expect.stringMatching(/^kafka-once-/),
  ];
  expect(up).toEqual([...project, '--env-file', expect.any(String), 'up', '-d', 'localstack']);
  expect(down).toEqual([...project, 'down', '--volumes', '--timeout', '2']);
  const connected = new Promise((resolve, reject) => {
    connect({ host: '127.0.0.1', port: Number(new URL(endpoint).port) })
      .once('connect', resolve)
      .once('error', reject);
  });
  await expect(connected).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await rm(folder, { recursive: true });
});
