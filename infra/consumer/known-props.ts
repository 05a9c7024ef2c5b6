import type { KafkaConsumerProps } from './kafka-consumer-props.ts';

/** Complete by its type: a property that is added has to be added here. */
const all: Readonly<Record<keyof KafkaConsumerProps, true>> = {
  source: true,
  topic: true,
  entry: true,
  handler: true,
  consumerGroupId: true,
  namespace: true,
  mode: true,
  lease: true,
  maxAttempts: true,
  failureReporting: true,
  table: true,
  deadLetters: true,
  metrics: true,
  alarms: true,
  timeout: true,
  memorySize: true,
  environment: true,
  esbuild: true,
  logRetentionDays: true,
  vpc: true,
  vpcSubnets: true,
  securityGroups: true,
  batchSize: true,
  batchingWindow: true,
  startingPosition: true,
  filters: true,
  schemaRegistry: true,
  provisionedPollers: true,
  reportBatchItemFailures: true,
  maximumRetryAttempts: true,
  maximumRecordAge: true,
  bisectBatchOnFunctionError: true,
  onFailure: true,
  mappingLogLevel: true,
  mappingMetrics: true,
  enabled: true,
};

/** The names of the properties of a `KafkaConsumer`. */
export const knownProps: ReadonlySet<string> = new Set(Object.keys(all));
