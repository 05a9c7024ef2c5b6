import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseLosses } from '../../../../infra/guard/refuse-losses.ts';
import { replacedResources } from '../../../../infra/guard/replaced-resources.ts';
import { statefulTypes } from '../../../../infra/guard/stateful-types.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { releasedContexts } from '../../../../scripts/release/released-contexts.ts';
import { contexts, synthesis } from './synthesis.ts';

const folder = join(import.meta.dirname, 'templates');
const fileOf = (source: string, stackName: string): string => join(folder, source, `${stackName}.json`);
const released = (
  stackName: string,
  source = 'greenfield',
): { Resources: Record<string, { Type: string; Properties: object }> } =>
  JSON.parse(readFileSync(fileOf(source, stackName), 'utf8'));

describe('an upgrade from the last release', () => {
  const stacks = Object.entries(releasedContexts).flatMap(([source, context]) =>
    readdirSync(join(folder, source)).map((file) => ({ source, context, stackName: file.replace('.json', '') })),
  );

  it('is looked at for each source', () => {
    expect(stacks.map(({ source, stackName }) => `${source} ${stackName}`)).toEqual([
      'greenfield KafkaOnce',
      'greenfield KafkaOnceCluster',
      'msk KafkaOnce',
      'brokers KafkaOnce',
    ]);
  });

  it.each(stacks)(
    'loses nothing of $source, $stackName: no resource, no key, no mapping',
    ({ source, context, stackName }) => {
      const today = synthesis(context).template(stackName).toJSON();
      refuseLosses('deployedTemplate', fileOf(source, stackName), stackName, today);
    },
  );

  it.each(Object.keys(releasedContexts))('would tell of other keys and of other mappings of %s', (source) => {
    const context = Object.entries(releasedContexts).find(([each]) => each === source)?.[1] ?? {};
    const { consumers } = synthesis({ ...context, customersTopic: 'crm' });
    const changed = JSON.parse(JSON.stringify(consumers.toJSON()).replaceAll('"KafkaOnce-Charge', '"Moved-Charge'));
    const upgrade = (): void => refuseLosses('deployedTemplate', fileOf(source, 'KafkaOnce'), 'KafkaOnce', changed);
    expect(upgrade).toThrow(
      /would lose what .*\n {2}ChargeOrdersFunction\w+ \(AWS::Lambda::Function\): KAFKA_ONCE_NAMESPACE changes/,
    );
    expect(upgrade).toThrow(
      /\n {2}IndexCustomersEventSourceMapping\w*: Topics changes from \["customers"\] to \["crm"\]/,
    );
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
