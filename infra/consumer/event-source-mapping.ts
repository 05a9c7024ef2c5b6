import { CfnEventSourceMapping, type CfnEventSourceMappingProps, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { StartingPosition } from '../../lib/core/esm/settings.ts';
import type { SourceBinding } from '../source/source-binding.ts';
import type { ConsumerMappingProps } from './kafka-consumer-props.ts';
import { schemaRegistryConfig } from './schema-registry.ts';

type MappingMetrics = NonNullable<ConsumerMappingProps['mappingMetrics']>;

/** The groups of metrics that a mapping sends beside `OffsetLag`. */
export function mappingMetrics(props: ConsumerMappingProps): MappingMetrics {
  if (props.mappingMetrics !== undefined) return props.mappingMetrics;
  return props.provisionedPollers === undefined ? [] : ['EventCount', 'ErrorCount', 'KafkaMetrics'];
}

/** What a mapping connects. */
export interface Connection {
  readonly function: IFunction;
  readonly source: SourceBinding;
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly batchSize: number;
  /** ARN of the destination of failed batches, or `kafka://<topic>`. */
  readonly failureDestination: string | undefined;
}

/**
 * Makes the event source mapping.
 *
 * It is made as CloudFormation has it: the event sources of `aws-cdk-lib` know no mTLS on MSK, and grant
 * what is not needed.
 */
export function eventSourceMapping(
  scope: Construct,
  connection: Connection,
  props: ConsumerMappingProps,
): CfnEventSourceMapping {
  const { consumerGroupId, failureDestination, source } = connection;
  const { filters, provisionedPollers, mappingLogLevel } = props;
  const metrics = mappingMetrics(props);
  const mapping = new CfnEventSourceMapping(scope, 'EventSourceMapping', {
    ...source.mapping,
    functionName: connection.function.functionArn,
    topics: [connection.topic],
    batchSize: connection.batchSize,
    enabled: props.enabled ?? true,
    ...startingPosition(props.startingPosition ?? 'TRIM_HORIZON'),
    ...batchingWindow(props.batchingWindow),
    ...retryControls(props),
    ...(props.reportBatchItemFailures === true && { functionResponseTypes: ['ReportBatchItemFailures'] }),
    ...(filters !== undefined && {
      filterCriteria: { filters: filters.map(({ pattern }) => ({ pattern: String(pattern) })) },
    }),
    ...(provisionedPollers !== undefined && {
      provisionedPollerConfig: pollers(provisionedPollers),
    }),
    ...(failureDestination !== undefined && {
      destinationConfig: { onFailure: { destination: failureDestination } },
    }),
    ...(mappingLogLevel !== undefined && { loggingConfig: { systemLogLevel: mappingLogLevel } }),
    ...(metrics.length > 0 && { metricsConfig: { metrics: [...metrics] } }),
  });
  const group = { consumerGroupId, ...schemaRegistryConfig(scope, mapping, connection.function, props.schemaRegistry) };
  if (source.kind === 'msk') mapping.amazonManagedKafkaEventSourceConfig = group;
  else mapping.selfManagedKafkaEventSourceConfig = group;
  return mapping;
}

/** AWS has half a second where nothing is set, and takes whole seconds otherwise. */
function batchingWindow(window: Duration | undefined): { readonly maximumBatchingWindowInSeconds?: number } {
  if (window === undefined || window.toMilliseconds() === 500) return {};
  return { maximumBatchingWindowInSeconds: window.toSeconds() };
}

function retryControls({
  maximumRetryAttempts,
  maximumRecordAge,
  bisectBatchOnFunctionError,
}: ConsumerMappingProps): Partial<CfnEventSourceMappingProps> {
  return {
    ...(maximumRetryAttempts !== undefined && { maximumRetryAttempts }),
    ...(maximumRecordAge !== undefined && { maximumRecordAgeInSeconds: maximumRecordAge.toSeconds() }),
    ...(bisectBatchOnFunctionError !== undefined && { bisectBatchOnFunctionError }),
  };
}

function pollers({
  minimum,
  maximum,
  groupName,
}: NonNullable<ConsumerMappingProps['provisionedPollers']>): CfnEventSourceMapping.ProvisionedPollerConfigProperty {
  return {
    minimumPollers: minimum ?? 1,
    ...(maximum !== undefined && { maximumPollers: maximum }),
    ...(groupName !== undefined && { pollerGroupName: groupName }),
  };
}

function startingPosition(
  position: StartingPosition,
): Pick<CfnEventSourceMappingProps, 'startingPosition' | 'startingPositionTimestamp'> {
  return typeof position === 'string'
    ? { startingPosition: position }
    : { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: position.atTimestampMs / 1000 };
}
