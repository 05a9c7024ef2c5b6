import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import type { EventSourceMappingSettings } from '../../lib/core/esm/settings.ts';
import { settingsOfMapping } from '../../lib/core/esm/settings-of-mapping.ts';
import { isObject } from '../../lib/core/event/is-object.ts';

/**
 * The settings of a mapping as it stands, raw properties that were set on it included; what only the deployment knows is
 * left out, and so is where failed batches go: see `destinationOfResource`.
 *
 * @throws ConfigurationError naming a property that a mapping for Kafka does not have, or whose value cannot be read.
 */
export function settingsOfResource(mapping: CfnEventSourceMapping): EventSourceMappingSettings {
  const properties = asInTemplate(
    Stack.of(mapping).resolve({
      topics: mapping.topics,
      batchSize: mapping.batchSize,
      maximumBatchingWindowInSeconds: mapping.maximumBatchingWindowInSeconds,
      maximumRetryAttempts: mapping.maximumRetryAttempts,
      maximumRecordAgeInSeconds: mapping.maximumRecordAgeInSeconds,
      bisectBatchOnFunctionError: mapping.bisectBatchOnFunctionError,
      functionResponseTypes: mapping.functionResponseTypes,
      startingPosition: mapping.startingPosition,
      startingPositionTimestamp: mapping.startingPositionTimestamp,
      provisionedPollerConfig: mapping.provisionedPollerConfig,
      filterCriteria: mapping.filterCriteria,
      loggingConfig: mapping.loggingConfig,
      metricsConfig: mapping.metricsConfig,
      amazonManagedKafkaEventSourceConfig: mapping.amazonManagedKafkaEventSourceConfig,
      selfManagedKafkaEventSourceConfig: mapping.selfManagedKafkaEventSourceConfig,
      // Of other sources than Kafka.
      parallelizationFactor: mapping.parallelizationFactor,
      queues: mapping.queues,
      scalingConfig: mapping.scalingConfig,
      tumblingWindowInSeconds: mapping.tumblingWindowInSeconds,
      documentDbEventSourceConfig: mapping.documentDbEventSourceConfig,
    }),
  );
  return settingsOfMapping(properties);
}

/** CloudFormation's names are those of CDK with a capital. */
function asInTemplate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asInTemplate);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]): [string, unknown] => [
    name === 'Ref' || name.startsWith('Fn::') ? name : name.charAt(0).toUpperCase() + name.slice(1),
    asInTemplate(member),
  ]);
  return Object.fromEntries(entries);
}
