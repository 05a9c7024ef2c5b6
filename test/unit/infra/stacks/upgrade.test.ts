import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replacedResources } from '../../../../infra/guard/replaced-resources.ts';
import { statefulTypes } from '../../../../infra/guard/stateful-types.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { contexts, synthesis } from './synthesis.ts';

const folder = join(import.meta.dirname, 'templates');
const released = (stackName: string): { Resources: Record<string, { Type: string; Properties: object }> } =>
  JSON.parse(readFileSync(join(folder, `${stackName}.json`), 'utf8'));

describe('an upgrade from the last release', () => {
  const today = synthesis(contexts.greenfield);

  it.each(readdirSync(folder).map((file) => file.replace('.json', '')))('replaces nothing in %s', (stackName) => {
    expect(replacedResources(released(stackName), today.template(stackName).toJSON())).toEqual([]);
  });

  it('of an existing cluster replaces nothing either', () => {
    const existing = synthesis(contexts['MSK, IAM']).consumers.toJSON();
    expect(replacedResources(released('KafkaOnce'), existing)).toEqual([]);
  });

  it('would tell of each table, queue, bucket and log group', () => {
    const kept = Object.entries(released('KafkaOnce').Resources).filter(([, { Type }]) => Type in statefulTypes);
    expect(replacedResources(released('KafkaOnce'), { Resources: {} }).map(({ logicalId }) => logicalId)).toEqual(
      kept.map(([logicalId]) => logicalId),
    );
    expect(kept.map(([, { Type }]) => Type).sort()).toEqual([
      ...['AWS::DynamoDB::Table', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup', 'AWS::Logs::LogGroup'],
      ...['AWS::S3::Bucket', 'AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::SQS::Queue'],
    ]);
  });
});

describe('the app', () => {
  it.each([
    ['deployedTemplate', 'KafkaOnce', 'AWS::DynamoDB::Table'],
    ['deployedClusterTemplate', 'KafkaOnceCluster', 'AWS::MSK::ServerlessCluster'],
  ])('refuses what %s shows to be replaced', (name, stackName, type) => {
    const deployed = released(stackName);
    const resource = Object.values(deployed.Resources).find(({ Type }) => Type === type);
    const file = join(synthesis(contexts.LocalStack).folder, 'deployed.json');
    const refused = (template: object) => () => {
      writeFileSync(file, JSON.stringify(template));
      synthesis({ ...contexts.greenfield, [name]: file });
    };
    expect(refused(deployed)).not.toThrow();
    const before = { Resources: { Moved: resource } };
    expect(refused(before)).toThrow(`${name}: stack ${stackName} would lose`);
    expect(refused(before)).toThrow(`Moved (${type}): is gone`);
  });

  it.each([
    ['off', 'report', 'is deployed without ReportBatchItemFailures'],
    ['report', 'off', 'would lose ReportBatchItemFailures'],
  ])('refuses partial responses from %s to %s in one deployment', (before, after, why) => {
    const context = { ...contexts['MSK, IAM'], provisionedPollers: '1' };
    const deploy = (partialResponses: string, deployed?: string): string => {
      const { folder: made } = synthesis({
        ...context,
        partialResponses,
        ...(deployed !== undefined && { deployedTemplate: join(deployed, 'KafkaOnce.template.json') }),
      });
      return made;
    };
    const deployed = deploy(before);
    expect(() => deploy(after, deployed)).toThrow(ConfigurationError);
    expect(() => deploy(after, deployed)).toThrow(why);
    expect(() => deploy(after, deployed)).toThrow('Deploy twice, first with -c partialResponses=mapping');
    expect(() => deploy(after, deploy('mapping', deployed))).not.toThrow();
  });

  it('replaces a mapping in two deployments, in one of which there is none', () => {
    const bootstrapServers = 'one.example.com:9094,two.example.com:9094,three.example.com:9094';
    const deploy = (context: object, deployed?: string): string =>
      synthesis({
        ...contexts['brokers, PLAIN'],
        ...context,
        ...(deployed !== undefined && { deployedTemplate: join(deployed, 'KafkaOnce.template.json') }),
      }).folder;
    const deployed = deploy({});
    expect(() => deploy({ bootstrapServers }, deployed)).toThrow(
      /would replace event source mappings.*: SelfManagedEv/s,
    );
    expect(() => deploy({ ordersTopic: 'orders.v2' }, deployed)).toThrow(/would go on as before.*: Topics changes/s);
    const without = deploy({ eventSourceMappings: 'none' }, deployed);
    expect(() => deploy({ bootstrapServers, ordersTopic: 'orders.v2' }, without)).not.toThrow();
  });
});
