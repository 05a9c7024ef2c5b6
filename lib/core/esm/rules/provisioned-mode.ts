import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';

interface Feature {
  readonly property: keyof EventSourceMappingSettings;
  readonly what: string;
  /** A value that says the same as leaving the setting out asks for nothing. */
  readonly isAsked: (settings: Unchecked<EventSourceMappingSettings>) => boolean;
}

const isLimit = (value: number | undefined): boolean => value !== undefined && value !== -1;

const features: readonly Feature[] = [
  {
    property: 'maximumRetryAttempts',
    what: 'a limit of retries',
    isAsked: ({ maximumRetryAttempts }) => isLimit(maximumRetryAttempts),
  },
  {
    property: 'maximumRecordAgeSeconds',
    what: 'a limit of the age of records',
    isAsked: ({ maximumRecordAgeSeconds }) => isLimit(maximumRecordAgeSeconds),
  },
  {
    property: 'bisectBatchOnFunctionError',
    what: 'bisecting failed batches',
    isAsked: ({ bisectBatchOnFunctionError }) => bisectBatchOnFunctionError === true,
  },
  {
    property: 'functionResponseTypes',
    what: 'ReportBatchItemFailures',
    isAsked: ({ functionResponseTypes: types }) => Array.isArray(types) && types.length > 0,
  },
  {
    property: 'onFailure',
    what: 'a Kafka topic for failed batches',
    isAsked: ({ onFailure }) => onFailure?.kind === 'kafka',
  },
  {
    property: 'schemaRegistry',
    what: 'a schema registry',
    isAsked: ({ schemaRegistry }) => schemaRegistry === true,
  },
  { property: 'logLevel', what: 'a log of the mapping', isAsked: ({ logLevel }) => logLevel !== undefined },
  {
    property: 'metrics',
    what: 'metrics beside OffsetLag',
    isAsked: ({ metrics }) => Array.isArray(metrics) && metrics.length > 0,
  },
];

/**
 * What a Kafka mapping has in provisioned mode only.
 *
 * Source: developer guide, `kafka-retry-configurations`, `kafka-on-failure-destination`, `services-consume-kafka-events`
 * and `esm-logging`; of metrics the README of `aws-cdk-lib/aws-lambda-event-sources` says it.
 */
export function provisionedModeProblems(settings: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  if (settings.provisionedPollers !== undefined) return [];
  return features
    .filter(({ isAsked }) => isAsked(settings))
    .map(({ property, what }) => ({
      property,
      message: `needs provisioned mode: AWS offers ${what} to no other Kafka mapping, and refuses or ignores it there. Add provisionedPollers: { minimum: 1 }, which is billed by the hour, or leave it out`,
    }));
}
