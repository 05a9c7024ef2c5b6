import type { CfnEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';

/**
 * What metrics, alarms and dashboard have to know of a consumer.
 *
 * - `logGroup`: the function's; it must use the JSON log format and a log level of INFO or lower.
 * - `name`: what metrics and alarms are called after, its own in the account and Region. Default: the namespace, which
 *   consumers of several topics may share.
 * - `namespace`: keeps their keys apart.
 * - `esmMetrics`: the groups of metrics that the mapping has switched on: `EventCount`, `ErrorCount`, `KafkaMetrics`.
 */
export interface WatchedConsumer {
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  readonly mapping?: CfnEventSourceMapping;
  readonly deadLetterQueue?: IQueue;
  readonly name?: string;
  readonly namespace: string;
  readonly topic: string;
  readonly consumerGroupId: string;
  readonly functionTimeout: Duration;
  readonly hasProvisionedPollers: boolean;
  readonly esmMetrics: readonly string[];
}
