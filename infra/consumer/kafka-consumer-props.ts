import type { ISecurityGroup, IVpc, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { ISchemaRegistry } from 'aws-cdk-lib/aws-lambda';
import type { Duration } from 'aws-cdk-lib/core';
import type { ConsumerSettings } from '../../lib/core/esm/consumer-rules.ts';
import type { EventSourceMappingSettings, StartingPosition } from '../../lib/core/esm/settings.ts';
import type { DeadLetterTargets } from '../dead-letters/dead-letters.ts';
import type { FailureDestination } from '../destination/failure-destination.ts';
import type { KafkaSource } from '../source/kafka-source.ts';
import type { IIdempotencyTable } from '../table/idempotency-table.ts';
import type { ConsumerAlarmsProps } from '../watch/consumer-alarms.ts';
import type { ConsumerMetricsOptions } from '../watch/consumer-metrics.ts';
import type { EsbuildOptions } from './bundling.ts';
import type { LogRetention } from './log-retention.ts';

/** The function of a consumer, and what it is told by its environment. */
export interface ConsumerFunctionProps {
  /**
   * The file that exports the handler, `.ts` or `.js`; bundled by esbuild with its AWS SDK. Left to the SDK of Lambda's runtime
   * is what only a large dead letter needs, or a function without credentials in its environment: the client of S3 and
   * providers of credentials. One that your own code or another package imports is bundled too.
   */
  readonly entry: string;
  /** The name that it exports. Default: `handler`. */
  readonly handler?: string;
  /** Time-out of an invocation, at most 14 minutes. Default: a minute. */
  readonly timeout?: Duration;
  /** Memory in MB; CPU comes with it. Default: 1024. */
  readonly memorySize?: number;
  /**
   * Variables of the handler's own; `NODE_OPTIONS` takes the place of `--enable-source-maps`. Those of the toolkit are set by
   * the properties of the construct.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Options for esbuild beside the construct's own. `external: []` leaves nothing to the runtime. */
  readonly esbuild?: EsbuildOptions;
  /**
   * Invocations at the same time, set aside for the function and its limit; Lambda runs at most one a partition. `0` stops
   * it. Default: none, what the account has left.
   */
  readonly reservedConcurrentExecutions?: number;
  /** The lowest level of the function's log lines. Alarms and metrics come from those at `INFO`. Default: `INFO`. */
  readonly logLevel?: 'TRACE' | 'DEBUG' | 'INFO';
  /** Days that logs are kept, 1 to 3653 as CloudWatch Logs has them, or `'never'` deleted. Default: 30. */
  readonly logRetentionDays?: LogRetention;
  /** Where the handler needs a VPC of its own; the event source mapping does not. Default: none. */
  readonly vpc?: IVpc | Vpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: readonly ISecurityGroup[];
}

/** How the records of the topic become invocations. The values' ranges are AWS's; see `EventSourceMappingSettings`. */
export interface ConsumerMappingProps {
  /** Records in an invocation at most, 1 to 10 000. Default: 500. */
  readonly batchSize?: number;
  /** How long records are gathered: 500 ms (default of AWS) or whole seconds up to 300. */
  readonly batchingWindow?: Duration;
  /** Default: `TRIM_HORIZON`. Committed offsets of the consumer group win over it. */
  readonly startingPosition?: StartingPosition;
  /** Up to five filters on the decoded value, as `FilterCriteria.filter(…)` makes them. What they leave out is committed. */
  readonly filters?: readonly Readonly<Record<string, unknown>>[];
  /**
   * Default: none. Needs provisioned pollers. A registry's secret under a customer managed key that is imported needs
   * `key.grantDecrypt(consumer)`: CDK grants nothing on such a key.
   */
  readonly schemaRegistry?: ISchemaRegistry;
  /** Provisioned mode; `{}` for AWS's defaults. Billed by the poller and hour. Default: on demand. */
  readonly provisionedPollers?: NonNullable<EventSourceMappingSettings['provisionedPollers']>;
  /**
   * Lets the function name the records that are not done. Needs provisioned pollers. Default: false. For a running mapping
   * switch this on, deploy, then set `failureReporting: 'report'` and deploy again; off in reverse.
   */
  readonly reportBatchItemFailures?: boolean;
  /** Default: none, retry until it succeeds. A limit gives up on whole batches, records never attempted included. */
  readonly maximumRetryAttempts?: number;
  /** Default: none. As with retries: a limit drops what was never attempted. */
  readonly maximumRecordAge?: Duration;
  /** Splits a failed batch in two. Default: false; poison is handled by the toolkit. */
  readonly bisectBatchOnFunctionError?: boolean;
  /** Where batches go that the mapping gives up on; an S3 bucket or a Kafka topic keeps the records. Default: none. */
  readonly onFailure?: FailureDestination;
  /** Logs of the mapping itself. Needs provisioned pollers. Default: none. */
  readonly mappingLogLevel?: NonNullable<EventSourceMappingSettings['logLevel']>;
  /** Groups of the mapping's metrics, which need provisioned pollers. Default: all three with them, none without. */
  readonly mappingMetrics?: NonNullable<EventSourceMappingSettings['metrics']>;
  /**
   * `'none'`: there is no mapping, and nothing to alarm about it; for LocalStack, which makes none for Kafka, and for events
   * that come another way. Default: `'create'`.
   */
  readonly eventSourceMapping?: 'create' | 'none';
  /** False makes a mapping that does not poll. Default: true. */
  readonly enabled?: boolean;
}

/** The properties of a `KafkaConsumer`. Required are where records come from and what handles them. */
export interface KafkaConsumerProps extends ConsumerFunctionProps, ConsumerMappingProps {
  /** The cluster. */
  readonly source: KafkaSource;
  /** The topic, one a mapping. */
  readonly topic: string;
  /**
   * The consumer group, which no other mapping of the account and Region may have; cannot be changed on a running mapping.
   * Default: the namespace, so that a mapping that is replaced goes on where it stopped. Consumers that share a namespace
   * need one each.
   */
  readonly consumerGroupId?: string;
  /**
   * Keeps the keys of this consumer apart. Default: the stack's name and the construct's path, which survive a function
   * that is replaced but not a construct that is moved. Another namespace knows none of the old keys.
   */
  readonly namespace?: string;
  /**
   * The mode of the handler, which has the same in its code: it decides what the role may do, and what the mapping must be
   * like. The function refuses to start where they differ. Default: `'claim'`.
   */
  readonly mode?: ConsumerSettings['mode'];
  /** Length of a lease, at most a third of the time-out. Default: the handler's (30 s, or a third of what is left). */
  readonly lease?: Duration;
  /** Attempts before a record becomes a dead letter. Default: the handler's, 10. */
  readonly maxAttempts?: number;
  /** How the function tells what is not done. `'report'` needs `reportBatchItemFailures`. Default: `'throw'`. */
  readonly failureReporting?: ConsumerSettings['failureReporting'];
  /** Default: a table of its own. */
  readonly table?: IIdempotencyTable;
  /** Default: a queue and a bucket of its own. `'none'`: poison blocks its partition until somebody mends it. */
  readonly deadLetters?: DeadLetterTargets | 'none';
  /** Where the metrics come from. Default: what the handler's default observer logs. */
  readonly metrics?: ConsumerMetricsOptions;
  /** Whom alarms tell, and what differs from the table. Default: every alarm, told nobody, which is warned of. `'none'`: no alarms. */
  readonly alarms?: Omit<ConsumerAlarmsProps, 'watched' | 'metrics'> | 'none';
}
