import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseLocalStackWay } from '../../../lib/local/localstack/choose-localstack-way.ts';
import { LOCALSTACK_IMAGE } from '../../../lib/local/localstack/localstack-container.ts';
import { composeServices, LOCAL_FOLDER } from '../parts/compose-file.ts';

const engine = (answers: boolean) => (): Promise<boolean> => Promise.resolve(answers);

describe('the way LocalStack is started', () => {
  it.each([undefined, ''])('is Docker where an engine answers, else processes (%j)', async (value) => {
    await expect(chooseLocalStackWay(value, engine(true))).resolves.toBe('docker');
    await expect(chooseLocalStackWay(value, engine(false))).resolves.toBe('processes');
  });

  it('is what KAFKA_ONCE_LOCALSTACK asks for, without asking an engine for processes', async () => {
    const unasked = (): Promise<boolean> => Promise.reject(new Error('asked'));
    await expect(chooseLocalStackWay('processes', unasked)).resolves.toBe('processes');
    await expect(chooseLocalStackWay('docker', engine(true))).resolves.toBe('docker');
  });

  it('is an error that says what to do where it cannot be', async () => {
    await expect(chooseLocalStackWay('docker', engine(false))).rejects.toThrow(
      "KAFKA_ONCE_LOCALSTACK is 'docker', but no Docker engine answers `docker info`. Start one, or leave the variable out",
    );
    await expect(chooseLocalStackWay('podman', engine(true))).rejects.toThrow(
      "KAFKA_ONCE_LOCALSTACK is 'podman': set it to 'processes' or 'docker', or leave it out.",
    );
  });
});

describe('the image of LocalStack', () => {
  it('has the version that comes from PyPI, and is the one of the local parts', async () => {
    const requirements = await readFile(join(LOCAL_FOLDER, 'localstack', 'requirements.txt'), 'utf8');
    const version = /^localstack-core==(.+)$/m.exec(requirements)?.[1];
    expect(LOCALSTACK_IMAGE).toBe(`localstack/localstack:${version}`);
    expect((await composeServices()).localstack.image).toBe(LOCALSTACK_IMAGE);
  });
});
