import { join } from 'node:path';
import { EventRecordFormat, FilterCriteria, FilterRule, KafkaSchemaValidationAttribute } from 'aws-cdk-lib/aws-lambda';
import { GlueSchemaRegistry } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import {
  DeadLetters,
  FailureDestination,
  IdempotencyTable,
  KafkaAuthentication,
  KafkaConsumer,
  type KafkaConsumerProps,
  KafkaSource,
  type MskAuthentication,
  type SelfManagedAuthentication,
} from '../../infra/index.ts';
import { account, bucketOf, keyOf, network, queueOf, region, secretOf, topicOf } from './matrix-resources.ts';

type SomeProps = Omit<KafkaConsumerProps, 'entry' | 'topic' | 'environment'>;

const clusterArn = `arn:aws:kafka:${region}:${account}:cluster/shop/0f6b2c1e-52d4-4a0e-9a37-6a1c5a3d2b10-3`;
const entry = join(import.meta.dirname, '../../handlers/charge-orders.ts');
const secret = (stack: Stack) => secretOf(stack, 'Reader');

function msk(authentication: (stack: Stack) => MskAuthentication) {
  return (stack: Stack): SomeProps => ({
    source: KafkaSource.msk({ clusterArn, authentication: authentication(stack) }),
  });
}

function brokers(authentication: (stack: Stack) => SelfManagedAuthentication) {
  return (stack: Stack): SomeProps => ({
    source: KafkaSource.selfManaged({
      bootstrapServers: ['broker-1.example.com:9094', 'broker-2.example.com:9094'],
      authentication: authentication(stack),
    }),
  });
}

function brokersInVpc(authentication: (stack: Stack) => SelfManagedAuthentication) {
  return (stack: Stack): SomeProps => ({
    source: KafkaSource.selfManaged({
      bootstrapServers: ['kafka.internal:9092'],
      authentication: authentication(stack),
      rootCa: secretOf(stack, 'RootCa'),
      ...network(stack),
    }),
  });
}

const byIam = msk(() => KafkaAuthentication.iam());

/** A batch that is given up goes there; with everything that needs provisioned pollers. */
function failing(destination: (stack: Stack) => FailureDestination) {
  return (stack: Stack): SomeProps => ({
    ...byIam(stack),
    provisionedPollers: { minimum: 1, maximum: 4 },
    maximumRetryAttempts: 5,
    maximumRecordAge: Duration.hours(1),
    bisectBatchOnFunctionError: true,
    onFailure: destination(stack),
  });
}

/** A consumer for each source, kind of authentication and destination, and for each property that grants something. */
export const matrix: Readonly<Record<string, (stack: Stack) => SomeProps>> = {
  MskIam: byIam,
  MskScram: msk((stack) => KafkaAuthentication.scram(secret(stack))),
  MskMtls: msk((stack) => KafkaAuthentication.mtls(secret(stack))),
  BrokersScram512: brokers((stack) => KafkaAuthentication.scram(secret(stack))),
  BrokersScram256: brokers((stack) => KafkaAuthentication.scram(secret(stack), { mechanism: 'SCRAM-SHA-256' })),
  BrokersPlain: brokers((stack) => KafkaAuthentication.plain(secret(stack))),
  BrokersMtls: brokers((stack) => KafkaAuthentication.mtls(secret(stack))),
  BrokersScramInVpc: brokersInVpc((stack) => KafkaAuthentication.scram(secret(stack))),
  BrokersNoneInVpc: brokersInVpc(() => KafkaAuthentication.none()),
  FailuresToSqs: failing((stack) => FailureDestination.sqs(queueOf(stack))),
  FailuresToSns: failing((stack) => FailureDestination.sns(topicOf(stack))),
  FailuresToS3: failing((stack) => FailureDestination.s3(bucketOf(stack))),
  FailuresToKafka: failing(() => FailureDestination.kafka('orders-failed')),
  Reporting: (stack) => ({
    ...byIam(stack),
    provisionedPollers: { minimum: 1, maximum: 4, groupName: 'orders' },
    reportBatchItemFailures: true,
    failureReporting: 'report',
    mappingLogLevel: 'WARN',
    filters: [FilterCriteria.filter({ value: { currency: FilterRule.isEqual('EUR') } })],
    startingPosition: { atTimestampMs: Date.UTC(2026, 0, 1) },
    batchSize: 1000,
    batchingWindow: Duration.seconds(5),
    lease: Duration.seconds(10),
    maxAttempts: 5,
  }),
  SchemaRegistry: (stack) => ({
    ...byIam(stack),
    provisionedPollers: {},
    schemaRegistry: new GlueSchemaRegistry({
      schemaRegistryArn: `arn:aws:glue:${region}:${account}:registry/shop`,
      eventRecordFormat: EventRecordFormat.JSON,
      schemaValidationConfigs: [{ attribute: KafkaSchemaValidationAttribute.VALUE }],
    }),
  }),
  OwnKeys: (stack) => ({
    ...byIam(stack),
    table: new IdempotencyTable(stack, 'Idempotency', { encryptionKey: keyOf(stack) }),
    deadLetters: new DeadLetters(stack, 'DeadLetters', { encryptionKey: keyOf(stack) }),
  }),
  FunctionInVpc: (stack) => ({ ...byIam(stack), ...network(stack) }),
  WithoutDeadLetters: (stack) => ({ ...byIam(stack), deadLetters: 'none', alarms: 'none' }),
};

/** Makes the consumer of a row of the matrix. */
export function matrixConsumer(stack: Stack, props: SomeProps): KafkaConsumer {
  return new KafkaConsumer(stack, 'Orders', {
    timeout: Duration.minutes(2),
    ...props,
    entry,
    topic: 'orders',
    environment: { PAYMENT_GATEWAY_URL: 'https://payments.example.com' },
  });
}
