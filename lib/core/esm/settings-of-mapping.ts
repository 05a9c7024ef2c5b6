import { ConfigurationError } from '../errors/errors.ts';
import { isObject } from '../event/is-object.ts';
import { destinationOf } from './mapping-properties/destination-of.ts';
import {
  booleanOf,
  choiceOf,
  choicesOf,
  isIntrinsic,
  listOf,
  numberOf,
  objectOf,
  type Properties,
  textOf,
  wrong,
} from './mapping-properties/values.ts';
import type { EventSourceMappingSettings, ProvisionedPollers, StartingPosition } from './settings.ts';

/** Those that say where records come from and who may read them are not settings of a local run. */
const known: ReadonlySet<string> = new Set([
  ...['FunctionName', 'Enabled', 'EventSourceArn', 'SelfManagedEventSource', 'SourceAccessConfigurations'],
  ...['KmsKeyArn', 'Tags', 'AmazonManagedKafkaEventSourceConfig', 'SelfManagedKafkaEventSourceConfig', 'Topics'],
  ...['BatchSize', 'MaximumBatchingWindowInSeconds', 'MaximumRetryAttempts', 'MaximumRecordAgeInSeconds'],
  ...['BisectBatchOnFunctionError', 'FunctionResponseTypes', 'StartingPosition', 'StartingPositionTimestamp'],
  ...['ProvisionedPollerConfig', 'DestinationConfig', 'FilterCriteria', 'LoggingConfig', 'MetricsConfig'],
]);

type Writable<T> = { -readonly [Property in keyof T]: T[Property] };

/**
 * The settings of a deployed mapping, so that a local run has the same.
 *
 * - `properties`: `Properties` of an `AWS::Lambda::EventSourceMapping` in a synthesised template.
 * - `resources`: `Resources` of the same template; needed where the on-failure destination is one of them.
 *
 * A topic or consumer group that only the deployment knows is left out: the local run names its own. The function's
 * time-out stands elsewhere. Values are read, not checked: `startEventSourceMapping` does that.
 *
 * @throws ConfigurationError naming a property that a mapping for Kafka does not have, or whose value cannot be read.
 */
export function settingsOfMapping(properties: unknown, resources?: unknown): EventSourceMappingSettings {
  if (!isObject(properties)) {
    throw new ConfigurationError('properties', 'are to be the Properties of an AWS::Lambda::EventSourceMapping');
  }
  refuseOtherSources(properties);
  const kafka =
    objectOf(properties, 'AmazonManagedKafkaEventSourceConfig') ??
    objectOf(properties, 'SelfManagedKafkaEventSourceConfig') ??
    {};
  if (kafka.ConsumptionMode !== undefined) choiceOf('ConsumptionMode', kafka.ConsumptionMode, ['Stream']);
  const logging = objectOf(properties, 'LoggingConfig') ?? {};
  const windowSeconds = numberOf(properties, 'MaximumBatchingWindowInSeconds');
  const settings: Writable<EventSourceMappingSettings> = {};
  const put = <Name extends keyof EventSourceMappingSettings>(
    name: Name,
    value: EventSourceMappingSettings[Name] | undefined,
  ): void => {
    if (value !== undefined) settings[name] = value;
  };
  put('topic', topicOf(properties));
  put('consumerGroupId', isIntrinsic(kafka.ConsumerGroupId) ? undefined : textOf(kafka, 'ConsumerGroupId'));
  put('batchSize', numberOf(properties, 'BatchSize'));
  put('batchingWindowMs', windowSeconds === undefined ? undefined : windowSeconds * 1000);
  put('maximumRetryAttempts', numberOf(properties, 'MaximumRetryAttempts'));
  put('maximumRecordAgeSeconds', numberOf(properties, 'MaximumRecordAgeInSeconds'));
  put('bisectBatchOnFunctionError', booleanOf(properties, 'BisectBatchOnFunctionError'));
  put('functionResponseTypes', choicesOf(properties, 'FunctionResponseTypes', ['ReportBatchItemFailures']));
  put('startingPosition', startingPositionOf(properties));
  put('provisionedPollers', pollersOf(properties));
  put('onFailure', destinationOf(properties, resources));
  put('filters', filtersOf(properties));
  if (kafka.SchemaRegistryConfig !== undefined) put('schemaRegistry', true);
  if (logging.SystemLogLevel !== undefined) {
    put('logLevel', choiceOf('LoggingConfig', logging.SystemLogLevel, ['DEBUG', 'INFO', 'WARN']));
  }
  put(
    'metrics',
    choicesOf(objectOf(properties, 'MetricsConfig') ?? {}, 'Metrics', ['EventCount', 'ErrorCount', 'KafkaMetrics']),
  );
  return settings;
}

function refuseOtherSources(properties: Properties): void {
  const advice = 'pass the Properties of a mapping that reads a Kafka topic';
  const foreign = Object.keys(properties).find((property) => !known.has(property));
  if (foreign !== undefined) throw new ConfigurationError(foreign, `is no property of a mapping for Kafka; ${advice}`);
  if (properties.Topics !== undefined) return;
  throw new ConfigurationError('Topics', `is missing, so this is no mapping for Kafka; ${advice}`);
}

function topicOf(properties: Properties): string | undefined {
  if (isIntrinsic(properties.Topics)) return undefined;
  const [topic, ...others] = listOf(properties, 'Topics') ?? [];
  if (isIntrinsic(topic)) return undefined;
  return typeof topic === 'string' && others.length === 0 ? topic : wrong('Topics', properties.Topics, 'one topic');
}

function startingPositionOf(properties: Properties): StartingPosition | undefined {
  if (properties.StartingPosition === undefined) return undefined;
  const choices = ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] as const;
  const position = choiceOf('StartingPosition', properties.StartingPosition, choices);
  if (position !== 'AT_TIMESTAMP') return position;
  const seconds = numberOf(properties, 'StartingPositionTimestamp');
  return seconds === undefined
    ? wrong('StartingPositionTimestamp', seconds, 'seconds with AT_TIMESTAMP')
    : { atTimestampMs: Math.round(seconds * 1000) };
}

function pollersOf(properties: Properties): ProvisionedPollers | undefined {
  const config = objectOf(properties, 'ProvisionedPollerConfig');
  if (config === undefined) return undefined;
  const minimum = numberOf(config, 'MinimumPollers');
  const maximum = numberOf(config, 'MaximumPollers');
  const groupName = textOf(config, 'PollerGroupName');
  return {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(groupName === undefined ? {} : { groupName }),
  };
}

function filtersOf(properties: Properties): readonly string[] | undefined {
  const filters = listOf(objectOf(properties, 'FilterCriteria') ?? {}, 'Filters');
  return filters?.map((filter) => {
    const pattern = isObject(filter) ? textOf(filter, 'Pattern') : undefined;
    return pattern ?? wrong('FilterCriteria', filter, 'a filter with its Pattern');
  });
}
