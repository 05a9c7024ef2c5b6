import type { CfnEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';

/**
 * What metrics, alarms and dashboard have to know of a consumer.
 *
 * - `logGroup`: the function's; it must use the JSON log format and a log level of INFO or lower.
 * - `namespace`: keeps metrics and alarms of consumers apart, as it does with their keys.
 * - `esmMetrics`: the groups of metrics that the mapping has switched on: `EventCount`, `ErrorCount`, `KafkaMetrics`.
 */
export interface WatchedConsumer {
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  readonly mapping?: CfnEventSourceMapping;
  readonly deadLetterQueue?: IQueue;
  readonly namespace: string;
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly functionTimeout: Duration;
  readonly hasProvisionedPollers: boolean;
  readonly esmMetrics: readonly string[];
}
