import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { Admin } from '@platformatic/kafka';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { type Parts, PartsError, startParts } from '../../../lib/local/parts/index.ts';
import { dynamodbClient, freshName } from '../../support/fresh.ts';
import { isRunning, withoutNamedServers } from './held-parts.ts';

describe('startParts', () => {
  it('starts what is asked for, reads the versions from the jars, and refuses to talk of the rest', async () => {
    await using parts = await startParts({ dynamodb: true, environment: withoutNamedServers() });

    expect(parts.dynamodbVersion).toMatch(/^3\.\d+\.\d+$/);
    expect(inject('kafkaVersion')).toMatch(/^4\.\d+\.\d+$/);
    const client = dynamodbClient({ endpoint: parts.dynamodb });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    client.destroy();
    expect(() => parts.brokers).toThrow('startParts({ kafka: true })');
    expect(parts.env).toEqual({
      AWS_ENDPOINT_URL_DYNAMODB: parts.dynamodb,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });

  it('brings a broker that crashed back on the same port, with its topics', async () => {
    await using parts = await startParts({ kafka: true, environment: withoutNamedServers() });
    const kafka = parts.part('kafka');
    const topic = freshName('topic');
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.endpoint] });
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 });
    await admin.close();
    const before = kafka.processId ?? 0;

    await kafka.stop('SIGKILL');
    expect(isRunning(before)).toBe(false);
    expect(kafka.processId).toBeUndefined();
    await kafka.start();

    expect(kafka.processId).not.toBe(before);
    const again = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.endpoint] });
    expect(await again.listTopics()).toContain(topic);
    await again.close();
  });

  it('uses servers that the environment names, the more special variable first, and starts none', async () => {
    const environment = {
      PATH: '',
      KAFKA_BROKERS: inject('kafkaBrokers').join(','),
      AWS_ENDPOINT_URL: inject('dynamodbEndpoint'),
      AWS_ENDPOINT_URL_SQS: inject('sqsEndpoint'),
      AWS_ENDPOINT_URL_S3: inject('s3Endpoint'),
    };

    await using parts = await startParts({ kafka: true, dynamodb: true, sqs: true, s3: true, environment });

    expect(parts.brokers).toEqual(inject('kafkaBrokers'));
    expect([parts.dynamodb, parts.sqs, parts.s3]).toEqual([
      inject('dynamodbEndpoint'),
      inject('sqsEndpoint'),
      inject('s3Endpoint'),
    ]);
    expect(parts.part('kafka').source).toBe('environment');
    expect(parts.part('kafka').processId).toBeUndefined();
    expect(parts.dataFolder).toBeUndefined();
    await expect(parts.part('kafka').stop()).rejects.toThrow(PartsError);
  });

  it('says which variable names a server that answers in another protocol', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end('no such thing'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const environment = { PATH: '', AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}` };

    await expect(startParts({ dynamodb: true, environment })).rejects.toThrow(
      /^AWS_ENDPOINT_URL_DYNAMODB names a server that is not there: .*HTTP 404\. Start it or unset the variable\.$/,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('says in one message what to install where there is neither Java nor Maven nor Docker', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'empty-'));
    const started = startParts({ kafka: true, environment: { PATH: empty, KAFKA_ONCE_CACHE: empty } });
    await expect(started).rejects.toThrow(PartsError);
    await expect(started).rejects.toThrow(
      [
        'The local parts (Kafka, DynamoDB, SQS, S3) cannot be started on this machine:',
        '- no Java was found (JAVA_HOME, then the PATH)',
        '- no Maven was found on the PATH, which fetches the servers once',
        '- no Docker engine answers `docker info`',
        'Install Java 17 or newer and Maven (both on the PATH), or start a Docker engine,',
        'or name running servers with KAFKA_BROKERS and AWS_ENDPOINT_URL (AWS_ENDPOINT_URL_DYNAMODB, _SQS, _S3).',
      ].join('\n'),
    );
    await rm(empty, { recursive: true });
  });

  it('fetches into an empty cache from two callers at once, and leaves only what is complete', {
    timeout: 300_000,
  }, async () => {
    const cache = await mkdtemp(join(tmpdir(), 'cache with spaces-'));
    onTestFinished(() => rm(cache, { recursive: true, force: true }));
    const environment = { ...withoutNamedServers(), KAFKA_ONCE_CACHE: cache };
    const told: string[] = [];
    const start = async (): Promise<Parts> => {
      const parts = await startParts({ kafka: true, environment, onProgress: (text) => told.push(text) });
      onTestFinished(() => parts.stop());
      return parts;
    };
    const both = await Promise.all([start(), start()]);

    const [first, second] = both.map(({ brokers }) => brokers[0]);
    expect(first).not.toBe(second);
    expect(told).toContain(`Fetching kafka with Maven, once for ${cache}`);
    expect(await readdir(cache)).toEqual([expect.stringMatching(/^kafka-[0-9a-f]{12}$/)]);
  });

  it('says what Maven said when it fails, and leaves nothing in the cache', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maven-'));
    const cache = join(folder, 'cache');
    await writeFile(join(folder, 'mvn'), '#!/bin/sh\necho "no route to the registry"\nexit 1\n', { mode: 0o755 });
    const named = withoutNamedServers();
    const environment = { ...named, PATH: `${folder}:${named.PATH ?? ''}`, KAFKA_ONCE_CACHE: cache };

    await expect(startParts({ sqs: true, environment })).rejects.toThrow(
      /Maven could not fetch the jars of sqs .*\n.*no route to the registry/,
    );
    expect(await readdir(cache)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
