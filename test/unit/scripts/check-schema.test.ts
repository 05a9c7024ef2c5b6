import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSchema } from '../../../scripts/synth/check-schema.ts';
import type { Finding } from '../../../scripts/synth/named-template.ts';

const mapping = {
  FunctionName: 'orders',
  EventSourceArn: 'arn:aws:kafka:eu-central-1:123456789012:cluster/shop/0f6b2c1e-52d4-4a0e-9a37-6a1c5a3d2b10-3',
  Topics: ['orders'],
  BatchSize: 500,
  StartingPosition: 'TRIM_HORIZON',
};
const { FunctionName: _, ...withoutFunction } = mapping;

const faulty = [
  ['unknown property', { ...mapping, BatchWindow: 5 }, 'BatchWindow'],
  ['wrong type', { ...mapping, BatchSize: 'many' }, 'BatchSize'],
  ['out of range', { ...mapping, BatchSize: 10_001 }, '10000'],
  ['wrong word', { ...mapping, StartingPosition: 'EARLIEST' }, 'StartingPosition'],
  ['missing property', withoutFunction, 'FunctionName'],
] as const;

describe("the check by CloudFormation's schemas", () => {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-once-schema-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  let findings: readonly Finding[];

  // One check for all: the engine takes seconds to start.
  beforeAll(() => {
    const templates = [['right', mapping] as const, ...faulty].map(([name, Properties]) => {
      const path = join(folder, `${name}.template.json`);
      const Resources = { Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties } };
      writeFileSync(path, JSON.stringify({ Resources }));
      return { name, path };
    });
    findings = checkSchema(new App(), templates);
  }, 60_000);

  it.each(faulty)('finds a fault, and in its template: %s', (name, _properties, word) => {
    const messages = findings.filter(({ template }) => template === name).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining(word)]);
  });

  it('finds nothing in a mapping that is right', () => {
    expect(findings.filter(({ template }) => template === 'right')).toEqual([]);
  });
});
