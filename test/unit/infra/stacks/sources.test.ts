import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../../infra/config/context-names.ts';
import { resourcesOf, type Statement, statementsOf } from '../source/statements.ts';
import { clusterArn, contexts, rootCaSecretArn, secretArn, secretKeyArn, synthesis } from './synthesis.ts';

const cluster = { EventSourceArn: clusterArn };
const brokers = {
  SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['one.example.com:9094', 'two.example.com:9094'] } },
};
const access = (...pairs: readonly (readonly [type: string, uri: string])[]) => ({
  SourceAccessConfigurations: pairs.map(([Type, URI]) => ({ Type, URI })),
});
const place = [
  ['VPC_SUBNET', 'subnet:subnet-0a1'],
  ['VPC_SUBNET', 'subnet:subnet-0b2'],
  ['VPC_SECURITY_GROUP', 'security_group:sg-0a1'],
] as const;

/** What the mappings say of their source. */
const mapped: Readonly<Record<string, object>> = {
  'MSK, IAM': cluster,
  'MSK, SCRAM': { ...cluster, ...access(['SASL_SCRAM_512_AUTH', secretArn]) },
  'MSK, mTLS': { ...cluster, ...access(['CLIENT_CERTIFICATE_TLS_AUTH', secretArn]) },
  'brokers, SCRAM-SHA-512': { ...brokers, ...access(['SASL_SCRAM_512_AUTH', secretArn]) },
  'brokers, SCRAM-SHA-256': { ...brokers, ...access(['SASL_SCRAM_256_AUTH', secretArn]) },
  'brokers, PLAIN': { ...brokers, ...access(['BASIC_AUTH', secretArn]) },
  'brokers, mTLS, private CA': {
    ...brokers,
    ...access(['CLIENT_CERTIFICATE_TLS_AUTH', secretArn], ['SERVER_ROOT_CA_CERTIFICATE', rootCaSecretArn]),
  },
  'brokers in a VPC': { ...brokers, ...access(['SASL_SCRAM_512_AUTH', secretArn], ...place) },
  'brokers in a VPC, none': {
    SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['10.0.0.1:9092'] } },
    ...access(...place),
  },
};

describe('the mappings', () => {
  it.each(Object.entries(mapped))('of %s', (name, source) => {
    const { consumers } = synthesis(Object.entries(contexts).find(([each]) => each === name)?.[1] ?? {});
    for (const topic of ['orders', 'customers']) {
      consumers.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ...source, Topics: [topic] });
    }
    consumers.resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
  });

  it('read the topics that are configured, each as its own group', () => {
    const { consumers } = synthesis({ ...contexts['MSK, IAM'], ordersTopic: 'shop.orders', customersTopic: 'crm' });
    const mappings = Object.values(consumers.findResources('AWS::Lambda::EventSourceMapping'));
    expect(mappings.map(({ Properties }) => Properties.Topics)).toEqual([['shop.orders'], ['crm']]);
    const groups = mappings.map(({ Properties }) => Properties.AmazonManagedKafkaEventSourceConfig.ConsumerGroupId);
    expect(new Set(groups).size).toBe(2);
  });

  it('are in provisioned mode if that is asked for', () => {
    const { consumers } = synthesis({ ...contexts['MSK, IAM'], provisionedPollers: '1-4' });
    consumers.allResourcesProperties('AWS::Lambda::EventSourceMapping', {
      ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
    });
  });

  it('refuse a cluster of another Region than the one deployed to', () => {
    const environment = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' };
    expect(() => synthesis(contexts['MSK, IAM'], { environment })).toThrow(
      'in eu-central-1; the stack is in eu-west-1',
    );
  });

  it('and all else is the same for a known account and Region as for any', () => {
    const environment = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-central-1' };
    for (const context of [contexts['MSK, IAM'], contexts['brokers in a VPC'], contexts.greenfield]) {
      const known = synthesis(context, { environment });
      expect(known.findings).toEqual([]);
      expect(Object.keys(known.consumers.toJSON().Resources)).toEqual(
        Object.keys(synthesis(context).consumers.toJSON().Resources),
      );
    }
  });
});

describe('the functions', () => {
  const labelsOf = (context: Context): unknown[] =>
    Object.values(synthesis(context).consumers.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Environment.Variables.KAFKA_ONCE_CLUSTER_LABEL,
    );

  it.each(['MSK, IAM', 'MSK, SCRAM', 'brokers, PLAIN'] as const)(
    'of %s label their cluster as they are told',
    (name) => {
      expect(labelsOf({ ...contexts[name], clusterLabel: 'payments-2' })).toEqual(['payments-2', 'payments-2']);
    },
  );
});

describe('the roles', () => {
  const secretOf = (statements: readonly Statement[]) => resourcesOf(statements, 'secretsmanager:GetSecretValue');

  it.each(['MSK, SCRAM', 'brokers, SCRAM-SHA-256'] as const)('of %s may use the key of the secret', (name) => {
    const statements = statementsOf(synthesis(contexts[name]).consumers);
    expect(secretOf(statements)).toEqual([secretArn, secretArn]);
    expect(statements.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')))).toEqual(
      Array.from({ length: 2 }, () => ({ actions: ['kms:Decrypt'], resources: [secretKeyArn] })),
    );
  });

  it.each(['MSK, mTLS', 'brokers, SCRAM-SHA-512'] as const)('of %s may use no key, there is none', (name) => {
    const statements = statementsOf(synthesis(contexts[name]).consumers);
    expect(secretOf(statements)).toEqual([secretArn, secretArn]);
    expect(resourcesOf(statements, 'kms:Decrypt')).toEqual([]);
  });
});

describe('partial responses', () => {
  const provisionedPollers = '1';
  it.each([
    ['off', undefined, undefined],
    ['mapping', ['ReportBatchItemFailures'], undefined],
    ['report', ['ReportBatchItemFailures'], ['orders', 'customers']],
  ])('%s', (partialResponses, responseTypes, reported) => {
    const { consumers } = synthesis({ ...contexts['MSK, IAM'], provisionedPollers, partialResponses });
    const mappings = Object.values(consumers.findResources('AWS::Lambda::EventSourceMapping'));
    expect(mappings.map(({ Properties }) => Properties.FunctionResponseTypes)).toEqual([responseTypes, responseTypes]);
    const functions = Object.values(consumers.findResources('AWS::Lambda::Function'));
    expect(functions.map(({ Properties }) => Properties.Environment.Variables.KAFKA_ONCE_REPORT_TOPICS)).toEqual(
      reported ?? [undefined, undefined],
    );
  });
});

describe('event source mappings', () => {
  it('none: the functions stay, with what they may do, and what would alarm of mappings goes', () => {
    const { consumers, findings } = synthesis({ ...contexts['MSK, IAM'], eventSourceMappings: 'none' });
    for (const type of ['Lambda::EventSourceMapping', 'CloudWatch::Alarm', 'CloudWatch::Dashboard']) {
      consumers.resourceCountIs(`AWS::${type}`, 0);
    }
    const { consumers: whole } = synthesis(contexts['MSK, IAM']);
    for (const type of ['Lambda::Function', 'IAM::Policy', 'DynamoDB::Table', 'SQS::Queue', 'S3::Bucket']) {
      expect(consumers.findResources(`AWS::${type}`)).toEqual(whole.findResources(`AWS::${type}`));
    }
    expect(findings).toEqual([]);
  });
});

describe('alarms', () => {
  it('go to the topic that is given', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
    const { consumers } = synthesis({ ...contexts['MSK, IAM'], alarmTopicArn });
    consumers.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmTopicArn] });
    consumers.resourceCountIs('AWS::SNS::Topic', 0);
  });

  it('go to a topic that is made for an address', () => {
    const { consumers, findings } = synthesis({ ...contexts['MSK, IAM'], alarmEmail: 'on-call@example.com' });
    const [topic] = Object.keys(consumers.findResources('AWS::SNS::Topic'));
    consumers.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
      TopicArn: { Ref: topic },
    });
    consumers.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: topic }] });
    expect(findings).toEqual([]);
  });

  it('of the account may publish to that topic, and only over TLS', () => {
    const { consumers } = synthesis({ ...contexts['MSK, IAM'], alarmEmail: 'on-call@example.com' });
    const [topic] = Object.keys(consumers.findResources('AWS::SNS::Topic'));
    const statement = { Action: 'sns:Publish', Resource: { Ref: topic } };
    consumers.resourceCountIs('AWS::SNS::TopicPolicy', 1);
    consumers.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: topic }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({ ...statement, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            ...statement,
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });

  it('point to the runbook that is given, as the dashboard does', () => {
    const runbookUrl = 'https://wiki.example.com/runbook';
    const { consumers } = synthesis({ ...contexts['MSK, IAM'], runbookUrl });
    consumers.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp(`${runbookUrl}#[a-z-]+$`),
    });
    const dashboards = JSON.stringify(consumers.findResources('AWS::CloudWatch::Dashboard'));
    expect(dashboards).toContain(`What to do: ${runbookUrl}`);
    expect(dashboards).not.toContain('docs/runbook.md');
  });

  it('are there without anybody to tell, and a dashboard with them', () => {
    const { consumers } = synthesis(contexts['MSK, IAM']);
    expect(Object.keys(consumers.findResources('AWS::CloudWatch::Alarm')).length).toBeGreaterThan(20);
    consumers.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

describe('the variant for LocalStack', () => {
  it('has nothing that LocalStack refuses or ignores loudly', () => {
    const { consumers } = synthesis(contexts.LocalStack);
    const types = Object.values(consumers.toJSON().Resources).map((resource) => Object(resource).Type);
    expect(new Set(types)).toEqual(
      new Set([
        ...['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::S3::Bucket'],
        ...['AWS::S3::BucketPolicy', 'AWS::Logs::LogGroup', 'AWS::IAM::Role', 'AWS::IAM::Policy'],
        'AWS::Lambda::Function',
      ]),
    );
  });

  it('tells its functions what they are told elsewhere', () => {
    const variables = (context: Parameters<typeof synthesis>[0]): unknown[] =>
      Object.values(synthesis(context).consumers.findResources('AWS::Lambda::Function')).map(({ Properties }) =>
        Object.keys(Properties.Environment.Variables),
      );
    expect(variables(contexts.LocalStack)).toEqual(variables(contexts['brokers, PLAIN']));
  });
});
