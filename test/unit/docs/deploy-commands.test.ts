import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { leftToRuntime } from '../../../infra/consumer/left-to-runtime.ts';
import { DeadLetters, IdempotencyTable, type KafkaConsumerProps } from '../../../infra/index.ts';
import { only, stage } from '../infra/consumer/staged-consumer.ts';
import { documentedConsumer, sources } from './documented-consumer.ts';
import { names, withValues } from './documented-names.ts';
import { codeBlocks, codeOf, commands, documentText, optionsOf, section, tableRows } from './markdown.ts';

const text = section(documentText('docs/deploy.md'), '## Without CDK');
const run = commands(text);
type Options = ReturnType<typeof optionsOf>;

/** The options of the only command that begins so, with values for its `$` names. */
function optionsIn(beginning: string, having = ''): Options {
  const found = run.filter((command) => command.startsWith(beginning) && command.includes(having));
  if (found.length !== 1) throw new Error(`${found.length} commands begin with ${beginning}`);
  return optionsOf(withValues(found[0] ?? ''));
}

/** Where the API's name is another than CloudFormation's. */
const apiNames: Readonly<Record<string, string>> = {
  KafkaBootstrapServers: 'KAFKA_BOOTSTRAP_SERVERS',
  SSESpecification: 'SseSpecification',
  SSEEnabled: 'Enabled',
};
const apiName = (name: string): string => apiNames[name] ?? name;
const optionName = (property: string): string =>
  `-${apiName(property).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A value in the shorthand of the AWS CLI. */
function shorthand(value: unknown, nested = false): string {
  if (Array.isArray(value)) return `[${value.map((member) => shorthand(member, true)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${apiName(name)}=${shorthand(member, true)}`);
  return nested ? `{${members.join(',')}}` : members.join(',');
}
const words = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map((member) => shorthand(member)) : [shorthand(value)];

/** The options that make a resource with these properties. */
const optionsFor = (properties: object): Options =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [optionName(name), words(value)]));

/** Properties of the consumer's resource of a type; what it refers to has the documented name. */
function resourceOf(
  type: string,
  propsIn: (stack: Stack) => Partial<KafkaConsumerProps>,
): Readonly<Record<string, unknown>> {
  const stack = stage();
  documentedConsumer(stack, { namespace: names.GROUP, ...propsIn(stack) });
  return only(stack, type).Properties;
}

/** After how many days a lifecycle's rules delete, in CloudFormation's words or the API's. */
const days = (lifecycle: unknown): readonly unknown[] =>
  [Object(lifecycle).Rules].flat().map((rule) => rule.ExpirationInDays ?? rule.Expiration.Days);

describe('docs/deploy.md', () => {
  const mapping = (source: keyof typeof sources) => {
    const { FunctionName, Enabled, ...properties } = resourceOf('AWS::Lambda::EventSourceMapping', (stack) => ({
      source: sources[source](stack),
    }));
    return { ...properties, FunctionName: names.FUNCTION };
  };

  it.each([
    ['MSK', 'mskIam', '--event-source-arn'],
    ['other brokers', 'scram512', '--self-managed-event-source'],
  ] as const)("makes the construct's mapping of %s", (_, source, having) => {
    expect(optionsIn('aws lambda create-event-source-mapping', having)).toEqual(optionsFor(mapping(source)));
  });

  const rows = tableRows(section(text, '### The event source mapping'));
  it.each([
    ['MSK, SCRAM-SHA-512', 'mskScram'],
    ['MSK, mTLS', 'mskMtls'],
    ['others, SCRAM-SHA-512', 'scram512'],
    ['others, SCRAM-SHA-256', 'scram256'],
    ['others, PLAIN', 'plain'],
    ['others, mTLS', 'mtls'],
    ['others, PLAIN, with a private CA', 'privateCa'],
    ['others, in a VPC without authentication', 'inVpc'],
  ] as const)("lets %s in as the construct's mapping does", (name, source) => {
    const { SourceAccessConfigurations } = z.object({ SourceAccessConfigurations: z.unknown() }).parse(mapping(source));
    const [, access] = rows.find(([cluster]) => cluster === name) ?? [];
    expect(codeOf(access).map(withValues)).toEqual(words(SourceAccessConfigurations));
    expect(rows).toHaveLength(2 + 8);
  });

  it('leaves to the runtime what the construct leaves to it', () => {
    const bundling = run.filter((command) => command.startsWith('esbuild ') && command.includes('--splitting'));
    const external = bundling
      .flatMap((command) => command.split(/\s+/))
      .flatMap((word) => word.split('--external:')[1] ?? []);
    expect(external).toEqual(leftToRuntime);
    const page = documentText('docs/deploy.md');
    const said = codeOf(page.slice(page.indexOf('## The code of a function'), page.indexOf('## Without CDK')));
    expect(
      leftToRuntime.filter((name) => !said.includes(name) && !said.includes(name.replace(/.*provider/, ''))),
    ).toEqual([]);
  });

  it("makes the construct's function", () => {
    const { Code, Environment, ...properties } = resourceOf('AWS::Lambda::Function', () => ({}));
    const { '--environment': environment, ...options } = optionsIn('aws lambda create-function');
    const { LoggingConfig, ...others } = properties;
    expect(options).toEqual({
      ...optionsFor({
        ...others,
        Role: names.ROLE_ARN,
        LoggingConfig: { ...Object(LoggingConfig), LogGroup: names.LOG_GROUP },
      }),
      '--function-name': [names.FUNCTION],
      '--handler': ['orders.handler'],
      '--zip-file': ['fileb://function.zip'],
    });
    const { Variables } = z.object({ Variables: z.record(z.string(), z.unknown()) }).parse(Environment);
    const told = /^Variables=\{(.*)\}$/.exec(environment?.[0] ?? '')?.[1]?.split(',') ?? [];
    const variables = Object.fromEntries(told.map((variable) => variable.split('=')));
    // Source maps, which the documented command does not make.
    const { NODE_OPTIONS, KAFKA_ONCE_DEAD_LETTER_QUEUE_URL, ...same } = Variables;
    expect(variables).toEqual({ ...same, KAFKA_ONCE_DEAD_LETTER_QUEUE_URL: names.QUEUE_URL });
  });

  it("makes the construct's table", () => {
    const stack = stage();
    new IdempotencyTable(stack, 'Idempotency', { tableName: names.TABLE });
    const { Properties } = only(stack, 'AWS::DynamoDB::Table');
    const { TimeToLiveSpecification, PointInTimeRecoverySpecification, DeletionProtectionEnabled, ...others } =
      Properties;
    expect(optionsIn('aws dynamodb create-table')).toEqual({
      ...optionsFor(others),
      '--deletion-protection-enabled': [],
    });
    expect(DeletionProtectionEnabled).toBe(true);
    const table = { TableName: names.TABLE };
    const inAnyOrder = (options: Options) =>
      Object.fromEntries(
        Object.entries(options).map(([name, value]) => [name, value.map((word) => word.split(',').sort())]),
      );
    expect(inAnyOrder(optionsIn('aws dynamodb update-time-to-live'))).toEqual(
      inAnyOrder(optionsFor({ ...table, TimeToLiveSpecification })),
    );
    expect(optionsIn('aws dynamodb update-continuous-backups')).toEqual(
      optionsFor({ ...table, PointInTimeRecoverySpecification }),
    );
  });

  it("makes the construct's queue and bucket, to which TLS is the only way", () => {
    const stack = stage();
    new DeadLetters(stack, 'Letters');
    const queue = only(stack, 'AWS::SQS::Queue').Properties;
    expect(optionsIn('aws sqs create-queue')).toEqual(optionsFor({ QueueName: names.QUEUE, Attributes: queue }));
    const { PublicAccessBlockConfiguration, LifecycleConfiguration } = only(stack, 'AWS::S3::Bucket').Properties;
    expect(days(LifecycleConfiguration)).toEqual([21]);
    const [lifecycle = ''] =
      optionsIn('aws s3api put-bucket-lifecycle-configuration')['--lifecycle-configuration'] ?? [];
    expect(days(JSON.parse(lifecycle))).toEqual([21]);
    expect(optionsIn('aws s3api put-public-access-block')).toEqual(
      optionsFor({ Bucket: names.BUCKET, PublicAccessBlockConfiguration }),
    );

    const documented = codeBlocks(section(text, '### Dead letters'), 'json').map((block) =>
      JSON.parse(withValues(block)),
    );
    const template = Template.fromStack(stack);
    const arns = (
      [
        ['AWS::SQS::Queue', 'arn:aws:sqs:$REGION:$ACCOUNT:$QUEUE'],
        ['AWS::S3::Bucket', 'arn:aws:s3:::$BUCKET'],
      ] as const
    ).map(([type, arn]) => [Object.keys(template.findResources(type)).join(), withValues(arn)] as const);
    const made = ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy'].map((type) => {
      const policy = JSON.stringify(only(stack, type).Properties.PolicyDocument);
      const named = arns.reduce(
        (said, [id, arn]) => said.replaceAll(`{"Fn::GetAtt":["${id}","Arn"]}`, `"${arn}"`),
        policy,
      );
      return JSON.parse(named.replaceAll(/\{"Fn::Join":\["",\["([^"]+)","([^"]+)"\]\]\}/g, '"$1$2"'));
    });
    expect(documented).toEqual(made);
  });

  it('names a consumer group in each mapping and in the policy', () => {
    const mappings = run.filter((command) => command.includes('create-event-source-mapping'));
    expect(mappings).toHaveLength(2);
    for (const command of mappings) expect(command).toContain('-kafka-event-source-config ConsumerGroupId=$GROUP');
  });
});
