import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../../lib/local/parts/cache-folder.ts';
import { chooseWay, type Machine } from '../../../lib/local/parts/choose-way.ts';
import { parseJavaVersion } from '../../../lib/local/parts/machine.ts';

const java = (version: number) => ({ command: 'java', version });
const machine = (parts: Partial<Machine>, docker = false): Machine => ({
  java: java(21),
  jars: true,
  dockerAnswers: () => Promise.resolve(docker),
  ...parts,
});

describe('the way the parts are started', () => {
  it('is processes where Java and jars are there, without asking Docker', async () => {
    const dockerAnswers = (): Promise<boolean> => Promise.reject(new Error('asked'));
    await expect(chooseWay(undefined, machine({ dockerAnswers }))).resolves.toBe('processes');
  });

  it.each([{ java: undefined }, { java: java(11) }, { jars: false }])(
    'is Docker where an engine answers and there is %o',
    async (lack) => {
      await expect(chooseWay('', machine(lack, true))).resolves.toBe('docker');
    },
  );

  it('is what KAFKA_ONCE_PARTS asks for, or an error that says why not', async () => {
    await expect(chooseWay('docker', machine({}, true))).resolves.toBe('docker');
    await expect(chooseWay('docker', machine({}))).rejects.toThrow('- no Docker engine answers');
    await expect(chooseWay('processes', machine({ java: java(11) }, true))).rejects.toThrow(
      '- java is Java 11; Java 17 or newer is needed',
    );
    await expect(chooseWay('podman', machine({}))).rejects.toThrow("KAFKA_ONCE_PARTS is 'podman'");
  });
});

describe('the version of Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['openjdk version "26-ea" 2026-03-17', 26],
    ['Picked up JAVA_TOOL_OPTIONS: -Dx=y\nopenjdk version "25.0.1" 2025-10-21 LTS', 25],
    ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
  ])('is read from %j', (output, version) => {
    expect(parseJavaVersion(output)).toBe(version);
  });
});

describe('the cache folder', () => {
  it('is below the project that installed the package, below a checkout, or where it is told', () => {
    expect(cacheFolder('/a/project/node_modules/kafka-once', {})).toBe('/a/project/node_modules/.cache/kafka-once');
    expect(cacheFolder('/a/project/node_modules/.pnpm/kafka-once@1/node_modules/kafka-once', {})).toBe(
      '/a/project/node_modules/.cache/kafka-once',
    );
    expect(cacheFolder('/a/checkout', {})).toBe('/a/checkout/.cache/parts');
    expect(cacheFolder('/a/checkout', { KAFKA_ONCE_CACHE: '/b' })).toBe('/b');
  });
});
