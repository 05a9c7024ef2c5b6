import { refuseProblems } from './refuse-problems.ts';
import { bisectWithReportWarnings } from './rules/bisect-with-report.ts';
import { consumerGroupIdProblems } from './rules/consumer-group-id.ts';
import { destinationProblems } from './rules/destination.ts';
import { filterProblems } from './rules/filters.ts';
import { lostRecordWarnings } from './rules/lost-records.ts';
import { pollerProblems } from './rules/pollers.ts';
import { provisionedModeProblems } from './rules/provisioned-mode.ts';
import { rangeProblems } from './rules/ranges.ts';
import { topicNameProblems } from './rules/topic-name.ts';
import { unknownPropertyProblems } from './rules/unknown-properties.ts';

/** Where a consumer group starts in a topic-partition for which it has no committed offset. */
export type StartingPosition = 'TRIM_HORIZON' | 'LATEST' | { readonly atTimestampMs: number };

/**
 * Where Lambda puts a batch that it gives up on.
 *
 * - `sqs`, `sns`: told the topic-partitions and offsets, never the records; `fifo` is refused.
 * - `s3`: gets the records too.
 * - `kafka`: gets the records, on another topic of the same cluster; needs provisioned pollers.
 */
export type OnFailureDestination =
  | { readonly kind: 'sqs' | 'sns'; readonly fifo?: boolean }
  | { readonly kind: 's3' }
  | { readonly kind: 'kafka'; readonly topic: string };

/**
 * Event pollers of a mapping in provisioned mode, which Lambda bills by the hour.
 *
 * - `minimum`: 1 (default) to 200; `maximum`: 1 to 2000, default 200.
 * - `groupName`: mappings of one VPC with the same name share pollers; 1 to 128 of `a-zA-Z0-9-_`.
 *
 * `{}` is provisioned mode with these defaults. Write at least `MinimumPollers` into a template: CDK leaves an empty
 * object out.
 */
export interface ProvisionedPollers {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly groupName?: string;
}

/**
 * Settings of an event source mapping for Kafka, named and limited as AWS does.
 *
 * - `topic`: one, of 2 to 249 characters. `consumerGroupId`: 1 to 200 characters; default: the mapping's UUID.
 * - `batchSize`: records an invocation at most, 1 to 10 000, default 100.
 * - `batchingWindowMs`: how long records are gathered for a batch: 500 (default) or whole seconds from 0 to 300 000.
 *   AWS takes it in seconds as `MaximumBatchingWindowInSeconds`, where only the default has a fraction.
 * - `functionTimeoutSeconds`: the time-out of the function, 1 to 840: AWS refuses a mapping to a slower one.
 * - `startingPosition`: `TRIM_HORIZON` (default), `LATEST` or `{ atTimestampMs }`. Committed offsets win over it.
 * - `onFailure`: where Lambda puts a batch that it gives up on; endless retries become ten with it. Default: nowhere.
 * - `filters`: up to 5 patterns, JSON text; a record that matches none is committed without an invocation.
 * - `provisionedPollers`: provisioned mode; default: on demand. Without it AWS refuses or ignores what follows, and a
 *   `kafka` destination.
 * - `maximumRetryAttempts`: -1 (default: retry until it succeeds, which blocks the partition) or 0 to 10 000, the first
 *   try not counted. `maximumRecordAgeSeconds`: -1 (default) or 60 to 604 800. Lambda gives up on what is undone then.
 * - `bisectBatchOnFunctionError`: a failed batch is retried in two halves. Default false.
 * - `functionResponseTypes`: `['ReportBatchItemFailures']` lets the function name the records that failed. Default: none,
 *   and then every answer but an error is success.
 * - `schemaRegistry`: Lambda decodes and validates records. Default false.
 * - `logLevel`: of the mapping's own log. `metrics`: beside `OffsetLag`. Default: none.
 *
 * Source: AWS Lambda API reference, CreateEventSourceMapping; developer guide, `msk-esm-parameters`,
 * `kafka-retry-configurations`, `kafka-on-failure`, `esm-logging`.
 */
export interface EventSourceMappingSettings {
  readonly topic?: string;
  readonly consumerGroupId?: string;
  readonly batchSize?: number;
  readonly batchingWindowMs?: number;
  readonly maximumRetryAttempts?: number;
  readonly maximumRecordAgeSeconds?: number;
  readonly bisectBatchOnFunctionError?: boolean;
  readonly functionResponseTypes?: readonly 'ReportBatchItemFailures'[];
  readonly functionTimeoutSeconds?: number;
  readonly startingPosition?: StartingPosition;
  readonly provisionedPollers?: ProvisionedPollers;
  readonly onFailure?: OnFailureDestination;
  readonly filters?: readonly string[];
  readonly schemaRegistry?: boolean;
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN';
  readonly metrics?: readonly ('EventCount' | 'ErrorCount' | 'KafkaMetrics')[];
}

/** Settings as a caller puts them together: each may also be there and undefined. */
export type Unchecked<T> = { readonly [Property in keyof T]: T[Property] | undefined };

/** What the local event source mapping needs of the settings, with the defaults filled in and every value proven. */
export interface ResolvedSettings {
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly maximumRetryAttempts: number;
  readonly reportsBatchItemFailures: boolean;
  readonly startingPosition: StartingPosition;
}

/** One thing that is wrong with the settings; `message` is a predicate of `property`. */
export interface SettingsProblem {
  readonly property: string;
  readonly message: string;
}

/** Everything that AWS refuses in the settings, or accepts and ignores; empty when all is well. */
export function settingsProblems(settings: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  return [
    ...topicNameProblems(settings),
    ...consumerGroupIdProblems(settings),
    ...rangeProblems(settings),
    ...pollerProblems(settings),
    ...destinationProblems(settings),
    ...filterProblems(settings),
    ...provisionedModeProblems(settings),
    ...unknownPropertyProblems(settings),
  ];
}

/** What AWS accepts in the settings and loses records by, or does not document. */
export function settingsWarnings(settings: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  return [...lostRecordWarnings(settings), ...bisectWithReportWarnings(settings)];
}

/**
 * Fills in the defaults.
 *
 * @throws ConfigurationError with everything that AWS refuses or ignores.
 */
export function resolveSettings(settings: Unchecked<EventSourceMappingSettings>): ResolvedSettings {
  refuseProblems(settingsProblems(settings));
  return {
    batchSize: settings.batchSize ?? 100,
    batchingWindowMs: settings.batchingWindowMs ?? 500,
    maximumRetryAttempts: settings.maximumRetryAttempts ?? -1,
    reportsBatchItemFailures: settings.functionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    startingPosition: settings.startingPosition ?? 'TRIM_HORIZON',
  };
}
