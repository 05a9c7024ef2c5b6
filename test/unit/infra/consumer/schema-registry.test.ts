import { Template } from 'aws-cdk-lib/assertions';
import {
  EventRecordFormat,
  type ISchemaRegistry,
  KafkaSchemaRegistryAccessConfigType,
  KafkaSchemaValidationAttribute,
} from 'aws-cdk-lib/aws-lambda';
import { ConfluentSchemaRegistry, GlueSchemaRegistry } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { KafkaAuthentication } from '../../../../infra/source/kafka-authentication.ts';
import { KafkaSource } from '../../../../infra/source/kafka-source.ts';
import { statementsOf } from '../source/statements.ts';
import { clusterArn, consumerIn, only, stage } from './staged-consumer.ts';

const secretArn = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-AbCdEf`;
const secretOf = (stack: Stack, name: string) => Secret.fromSecretCompleteArn(stack, name, secretArn(name));
const { KEY, VALUE } = KafkaSchemaValidationAttribute;
const registryArn = 'arn:aws:glue:eu-central-1:123456789012:registry/orders-schemas';

const glue = (): ISchemaRegistry =>
  new GlueSchemaRegistry({
    schemaRegistryArn: registryArn,
    eventRecordFormat: EventRecordFormat.SOURCE,
    schemaValidationConfigs: [{ attribute: KEY }, { attribute: VALUE }],
  });

const confluent = (type: KafkaSchemaRegistryAccessConfigType) => (stack: Stack) =>
  new ConfluentSchemaRegistry({
    schemaRegistryUri: 'https://registry.example:8081',
    authenticationType: type,
    secret: secretOf(stack, 'registry'),
    eventRecordFormat: EventRecordFormat.JSON,
    schemaValidationConfigs: [{ attribute: VALUE }],
  });

const onMsk = () => KafkaSource.msk({ clusterArn, authentication: KafkaAuthentication.iam() });
const onSelfManaged = (stack: Stack) =>
  KafkaSource.selfManaged({
    bootstrapServers: ['a.example:9096'],
    authentication: KafkaAuthentication.scram(secretOf(stack, 'brokers')),
  });

const registries = [
  [
    'of Glue',
    glue,
    {
      SchemaRegistryURI: registryArn,
      EventRecordFormat: 'SOURCE',
      SchemaValidationConfigs: [{ Attribute: 'KEY' }, { Attribute: 'VALUE' }],
    },
    [
      { actions: ['glue:GetRegistry'], resources: [registryArn] },
      {
        actions: ['glue:GetSchemaVersion'],
        resources: ['arn:aws:glue:<AWS::Region>:<AWS::AccountId>:schema/orders-schemas/*', registryArn],
      },
    ],
  ],
  ...(['BASIC_AUTH', 'CLIENT_CERTIFICATE_TLS_AUTH', 'SERVER_ROOT_CA_CERTIFICATE'] as const).map(
    (type) =>
      [
        `of Confluent, ${type}`,
        confluent(KafkaSchemaRegistryAccessConfigType[type]),
        {
          SchemaRegistryURI: 'https://registry.example:8081',
          EventRecordFormat: 'JSON',
          AccessConfigs: [{ Type: type, URI: secretArn('registry') }],
          SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
        },
        [
          {
            actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
            resources: [secretArn('registry')],
          },
        ],
      ] as const,
  ),
] as const;

/** The mapping's two properties, of which a source has one, and what the function's role may do. */
function consumed(sourceIn: (stack: Stack) => KafkaSource, registryIn?: (stack: Stack) => ISchemaRegistry) {
  const stack = stage();
  consumerIn(stack, {
    source: sourceIn(stack),
    provisionedPollers: {},
    ...(registryIn !== undefined && { schemaRegistry: registryIn(stack) }),
  });
  const { AmazonManagedKafkaEventSourceConfig: msk, SelfManagedKafkaEventSourceConfig: selfManaged } = only(
    stack,
    'AWS::Lambda::EventSourceMapping',
  ).Properties;
  return { msk, selfManaged, statements: statementsOf(Template.fromStack(stack)) };
}

describe.each(registries)('a schema registry %s', (_, registryIn, SchemaRegistryConfig, statements) => {
  const group = { ConsumerGroupId: 'Shop-Orders-A8B1F509' };

  it.each([
    ['MSK', onMsk, { msk: { ...group, SchemaRegistryConfig } }],
    ['self-managed brokers', onSelfManaged, { selfManaged: { ...group, SchemaRegistryConfig } }],
  ])(
    'stands in the property of %s, beside the consumer group, and is all that is granted',
    (_name, sourceIn, config) => {
      const { msk, selfManaged, statements: all } = consumed(sourceIn, registryIn);
      expect({ msk, selfManaged }).toEqual(config);
      const without = new Set(consumed(sourceIn).statements.map((statement) => JSON.stringify(statement)));
      expect(all.filter((statement) => !without.has(JSON.stringify(statement)))).toEqual(statements);
    },
  );
});
