import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/core/errors/errors.ts';
import { settingsOfMapping } from '../../../lib/core/esm/settings-of-mapping.ts';

/** As CDK writes it. */
const properties = {
  AmazonManagedKafkaEventSourceConfig: {
    ConsumerGroupId: 'orders-group',
    SchemaRegistryConfig: { SchemaRegistryURI: { 'Fn::GetAtt': ['Registry', 'Arn'] } },
  },
  BatchSize: 500,
  BisectBatchOnFunctionError: true,
  DestinationConfig: { OnFailure: { Destination: 'kafka://orders-failed' } },
  Enabled: true,
  EventSourceArn: { Ref: 'Cluster' },
  FilterCriteria: { Filters: [{ Pattern: '{"value":{"status":["paid"]}}' }] },
  FunctionName: { Ref: 'Function' },
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  KmsKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] },
  LoggingConfig: { SystemLogLevel: 'INFO' },
  MaximumBatchingWindowInSeconds: 2,
  MaximumRecordAgeInSeconds: 3600,
  MaximumRetryAttempts: 3,
  MetricsConfig: { Metrics: ['EventCount', 'KafkaMetrics'] },
  ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 5, PollerGroupName: 'all' },
  SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: { Ref: 'Secret' } }],
  StartingPosition: 'AT_TIMESTAMP',
  StartingPositionTimestamp: 1_790_000_000.5,
  Tags: [{ Key: 'team', Value: 'shop' }],
  Topics: ['orders'],
};

const resources = {
  Queue: { Type: 'AWS::SQS::Queue' },
  FifoQueue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
  Alerts: { Type: 'AWS::SNS::Topic', Properties: {} },
  FifoAlerts: { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: true } },
  Failed: { Type: 'AWS::S3::Bucket', Properties: {} },
  Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
};

function withDestination(Destination: unknown): object {
  return { Topics: ['orders'], DestinationConfig: { OnFailure: { Destination } } };
}

describe('the settings of a deployed mapping', () => {
  it('are all read', () => {
    expect(settingsOfMapping(properties)).toStrictEqual({
      topic: 'orders',
      consumerGroupId: 'orders-group',
      batchSize: 500,
      batchingWindowMs: 2_000,
      maximumRetryAttempts: 3,
      maximumRecordAgeSeconds: 3600,
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ['ReportBatchItemFailures'],
      startingPosition: { atTimestampMs: 1_790_000_000_500 },
      provisionedPollers: { minimum: 1, maximum: 5, groupName: 'all' },
      onFailure: { kind: 'kafka', topic: 'orders-failed' },
      filters: ['{"value":{"status":["paid"]}}'],
      schemaRegistry: true,
      logLevel: 'INFO',
      metrics: ['EventCount', 'KafkaMetrics'],
    });
  });

  it('are those of a self-managed cluster, and have no more than the template says', () => {
    const selfManaged = {
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['b-1:9092'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g', ConsumptionMode: 'Stream' },
      StartingPosition: 'LATEST',
      Topics: ['orders'],
    };
    expect(settingsOfMapping(selfManaged)).toStrictEqual({
      topic: 'orders',
      consumerGroupId: 'g',
      startingPosition: 'LATEST',
    });
  });

  it('leave out a topic and a group that only the deployment knows', () => {
    const AmazonManagedKafkaEventSourceConfig = { ConsumerGroupId: { 'Fn::Sub': 'g' } };
    expect(settingsOfMapping({ Topics: [{ Ref: 'Topic' }], AmazonManagedKafkaEventSourceConfig })).toStrictEqual({});
    expect(settingsOfMapping({ Topics: { Ref: 'Topics' } })).toStrictEqual({});
  });

  it.each([
    ['arn:aws:sqs:eu-central-1:123456789012:failed', { kind: 'sqs' }],
    ['arn:aws:sqs:eu-central-1:123456789012:failed.fifo', { kind: 'sqs', fifo: true }],
    ['arn:aws:sns:eu-central-1:123456789012:failed', { kind: 'sns' }],
    ['arn:aws-cn:s3:::failed', { kind: 's3' }],
    ['kafka://failed', { kind: 'kafka', topic: 'failed' }],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, { kind: 'sqs' }],
    [{ 'Fn::GetAtt': ['FifoQueue', 'Arn'] }, { kind: 'sqs', fifo: true }],
    [{ Ref: 'Alerts' }, { kind: 'sns' }],
    [{ Ref: 'FifoAlerts' }, { kind: 'sns', fifo: true }],
    [{ 'Fn::GetAtt': ['FifoAlerts', 'TopicArn'] }, { kind: 'sns', fifo: true }],
    ['arn:aws:sns:eu-central-1:123456789012:failed.fifo', { kind: 'sns', fifo: true }],
    [{ 'Fn::GetAtt': ['Failed', 'Arn'] }, { kind: 's3' }],
  ])('have the destination %j as %j', (destination, expected) => {
    expect(settingsOfMapping(withDestination(destination), resources).onFailure).toStrictEqual(expected);
  });

  it.each([
    ['properties', undefined, 'are to be the Properties'],
    ['Topics', { EventSourceArn: 'arn:aws:sqs:eu-central-1:123456789012:orders' }, 'no mapping for Kafka'],
    ['Queues', { Queues: ['q'] }, 'no property of a mapping for Kafka'],
    ['ParallelizationFactor', { ParallelizationFactor: 2, Topics: ['orders'] }, 'no property of a mapping for Kafka'],
    ['Topics', { Topics: ['orders', 'payments'] }, 'one topic'],
    ['BatchSize', { Topics: ['orders'], BatchSize: { Ref: 'Size' } }, 'only a deployment knows'],
    ['BatchSize', { Topics: ['orders'], BatchSize: '100' }, 'a number'],
    ['BisectBatchOnFunctionError', { Topics: ['orders'], BisectBatchOnFunctionError: 'no' }, 'true or false'],
    ['StartingPosition', { Topics: ['orders'], StartingPosition: 'EARLIEST' }, 'TRIM_HORIZON, LATEST, AT_TIMESTAMP'],
    ['StartingPositionTimestamp', { Topics: ['orders'], StartingPosition: 'AT_TIMESTAMP' }, 'seconds'],
    ['ConsumptionMode', { Topics: ['o'], SelfManagedKafkaEventSourceConfig: { ConsumptionMode: 'Queue' } }, 'Stream'],
    ['Metrics', { Topics: ['orders'], MetricsConfig: { Metrics: ['Lag'] } }, 'EventCount'],
    ['FilterCriteria', { Topics: ['orders'], FilterCriteria: { Filters: [{}] } }, 'Pattern'],
    ['LoggingConfig', { Topics: ['orders'], LoggingConfig: { SystemLogLevel: 'ALL' } }, 'DEBUG, INFO, WARN'],
    ['DestinationConfig', withDestination({ 'Fn::GetAtt': ['Elsewhere', 'Arn'] }), 'pass the Resources'],
    ['DestinationConfig', withDestination({ Ref: 'Table' }), 'only a deployment knows'],
    ['DestinationConfig', withDestination('arn:aws:kinesis:eu-central-1:123456789012:stream/s'), 'the ARN of a queue'],
  ])('cannot be read: %s of %j', (property, given, message) => {
    expect(() => settingsOfMapping(given, resources)).toThrow(ConfigurationError);
    expect(() => settingsOfMapping(given, resources)).toThrow(new RegExp(`^${property}: .*${message}`));
  });
});
