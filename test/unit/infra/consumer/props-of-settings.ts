import {
  EventRecordFormat,
  type ISchemaRegistry,
  KafkaSchemaRegistryAccessConfigType,
  KafkaSchemaValidationAttribute,
} from 'aws-cdk-lib/aws-lambda';
import { ConfluentSchemaRegistry } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import { FailureDestination } from '../../../../infra/destination/failure-destination.ts';
import type { KafkaConsumerProps } from '../../../../infra/index.ts';
import type { ConsumerSettings } from '../../../../lib/core/esm/consumer-rules.ts';
import type { OnFailureDestination } from '../../../../lib/core/esm/settings.ts';

/** The properties of the construct that say what the settings say. A duration cannot be negative: -1 is to say nothing. */
export function propsOf(settings: Partial<ConsumerSettings>, stack: Stack): Partial<KafkaConsumerProps> {
  const {
    batchingWindowMs,
    functionTimeoutSeconds,
    maximumRecordAgeSeconds = -1,
    functionResponseTypes,
    onFailure,
    filters,
    schemaRegistry,
    logLevel,
    metrics,
    leaseMs,
    region: _region,
    tableRegion: _tableRegion,
    ...same
  } = settings;
  const given: Partial<Record<keyof KafkaConsumerProps, unknown>> = {
    ...same,
    batchingWindow: batchingWindowMs === undefined ? undefined : Duration.millis(batchingWindowMs),
    timeout: functionTimeoutSeconds === undefined ? undefined : Duration.seconds(functionTimeoutSeconds),
    maximumRecordAge: maximumRecordAgeSeconds === -1 ? undefined : Duration.seconds(maximumRecordAgeSeconds),
    reportBatchItemFailures: functionResponseTypes === undefined ? undefined : functionResponseTypes.length > 0,
    onFailure: onFailure === undefined ? undefined : destination(onFailure, stack),
    filters: filters?.map((pattern) => ({ pattern })),
    schemaRegistry: schemaRegistry === true ? registry(stack) : undefined,
    mappingLogLevel: logLevel,
    mappingMetrics: metrics,
    lease: leaseMs === undefined ? undefined : Duration.millis(leaseMs),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function destination(setting: OnFailureDestination, stack: Stack): FailureDestination {
  const arn = (service: string, name: string): string => `arn:aws:${service}:eu-central-1:123456789012:${name}`;
  switch (setting.kind) {
    case 'sqs':
      return FailureDestination.sqs(
        Queue.fromQueueArn(stack, 'Failed', arn('sqs', setting.fifo === true ? 'failed.fifo' : 'failed')),
      );
    case 'sns':
      return FailureDestination.sns(
        Topic.fromTopicArn(stack, 'Failed', arn('sns', setting.fifo === true ? 'failed.fifo' : 'failed')),
      );
    case 's3':
      return FailureDestination.s3(Bucket.fromBucketName(stack, 'Failed', 'failed-batches'));
    case 'kafka':
      return FailureDestination.kafka(setting.topic);
  }
}

function registry(stack: Stack): ISchemaRegistry {
  return new ConfluentSchemaRegistry({
    schemaRegistryUri: 'https://registry.example',
    authenticationType: KafkaSchemaRegistryAccessConfigType.BASIC_AUTH,
    secret: Secret.fromSecretCompleteArn(
      stack,
      'RegistrySecret',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:registry-AbCdEf',
    ),
    eventRecordFormat: EventRecordFormat.JSON,
    schemaValidationConfigs: [{ attribute: KafkaSchemaValidationAttribute.VALUE }],
  });
}
