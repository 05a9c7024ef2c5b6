import { type Duration, Token } from 'aws-cdk-lib/core';
import type { ConsumerSettings, Unchecked } from '../../lib/core/esm/consumer-rules.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';

/** What a consumer has where its properties are silent, or leave it to others. */
export interface ConsumerDefaults {
  readonly consumerGroupId: string;
  readonly timeout: Duration;
  readonly batchSize: number;
  readonly region: string;
  readonly tableRegion: string;
}

/** A consumer's properties as the rules know them; what only the deployment knows (tokens) is left out. */
export function consumerSettings(props: KafkaConsumerProps, defaults: ConsumerDefaults): Unchecked<ConsumerSettings> {
  const { provisionedPollers } = props;
  return {
    mode: props.mode ?? 'claim',
    failureReporting: props.failureReporting ?? 'throw',
    topic: known(props.topic),
    consumerGroupId: known(defaults.consumerGroupId),
    batchSize: known(defaults.batchSize),
    batchingWindowMs: props.batchingWindow?.toMilliseconds(),
    maximumRetryAttempts: known(props.maximumRetryAttempts),
    maximumRecordAgeSeconds: props.maximumRecordAge?.toSeconds(),
    bisectBatchOnFunctionError: props.bisectBatchOnFunctionError,
    functionResponseTypes: props.reportBatchItemFailures === true ? ['ReportBatchItemFailures'] : undefined,
    functionTimeoutSeconds: defaults.timeout.toSeconds(),
    startingPosition: props.startingPosition,
    provisionedPollers: Token.isUnresolved(provisionedPollers) ? {} : provisionedPollers,
    onFailure: props.onFailure?.bind().setting,
    filters: props.filters?.map(({ pattern }) => (typeof pattern === 'string' ? pattern : '')),
    schemaRegistry: props.schemaRegistry === undefined ? undefined : true,
    logLevel: props.mappingLogLevel,
    metrics: props.mappingMetrics,
    leaseMs: props.lease?.toMilliseconds(),
    region: known(defaults.region),
    tableRegion: known(defaults.tableRegion),
  };
}

function known<T>(value: T): T | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
