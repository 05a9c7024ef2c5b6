import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kafkaPlan } from '../../../lib/local/parts/kafka-plan.ts';
import { composeServices, kafkaSettings, LOCAL_FOLDER, readSettings } from './compose-file.ts';

describe('the compose file', () => {
  it('puts its two ports on 127.0.0.1, by default or as told, and leaves no variable open', async () => {
    const asked = await composeServices({ KAFKA_PORT: '31092', LOCALSTACK_PORT: '31566' });
    expect(asked.kafka.ports).toEqual(['127.0.0.1:31092:31092']);
    expect(asked.localstack.ports).toEqual(['127.0.0.1:31566:4566']);
    const plain = await composeServices();
    expect(plain.kafka.ports).toEqual(['127.0.0.1:9092:9092']);
    expect(plain.localstack.ports).toEqual(['127.0.0.1:4566:4566']);
    expect(JSON.stringify([asked, plain])).not.toContain('$');
  });

  it('runs the Kafka that runs without Docker, in the same memory', async () => {
    const { kafka } = await composeServices();
    const pom = await readFile(join(LOCAL_FOLDER, 'kafka', 'pom.xml'), 'utf8');
    const version = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>(.+)<\/version>/.exec(pom)?.[1];
    expect(kafka.image).toBe(`apache/kafka:${version}`);
    expect(kafka.environment.KAFKA_HEAP_OPTS).toBe(`-Xmx${kafkaPlan.maxHeapMb}m`);
  });

  it('gives Kafka the settings that it has without Docker, and of its own only addresses', async () => {
    const { kafka } = await composeServices();
    const {
      listeners,
      'advertised.listeners': advertised,
      'controller.quorum.voters': voters,
      ...common
    } = kafkaSettings(kafka.environment);
    expect(common).toEqual(await readSettings(join(LOCAL_FOLDER, 'kafka', 'server.properties')));
    expect({ listeners, advertised, voters }).toEqual({
      listeners: 'PLAINTEXT://:9092,CONTROLLER://:29093',
      advertised: 'PLAINTEXT://127.0.0.1:9092',
      voters: '1@localhost:29093',
    });
  });

  it('runs the LocalStack that runs without Docker, and lets it send nothing out', async () => {
    const { localstack } = await composeServices();
    const requirements = await readFile(join(LOCAL_FOLDER, 'localstack', 'requirements.txt'), 'utf8');
    const version = /^localstack-core==(.+)$/m.exec(requirements)?.[1];
    expect(localstack.image).toBe(`localstack/localstack:${version}`);
    expect(localstack.environment).toMatchObject({ DISABLE_EVENTS: '1', SKIP_SSL_CERT_DOWNLOAD: '1' });
  });

  it('leaves out the health check of LocalStack, a Python process every ten seconds', async () => {
    const { localstack } = await composeServices();
    expect(localstack.healthcheck).toEqual({ disable: true });
  });
});
