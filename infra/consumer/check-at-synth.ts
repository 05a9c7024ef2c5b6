import { type CfnEventSourceMapping, CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type ConsumerSettings, consumerProblems, type Unchecked } from '../../lib/core/esm/consumer-rules.ts';
import { destinationOfResource } from './destination-of-resource.ts';
import { named } from './property-names.ts';
import { settingsOfResource } from './settings-of-resource.ts';
import { warnOfSettings } from './warn-of-settings.ts';

/**
 * Holds mapping and function, as they stand when the app is synthesised, to the rules: a raw property that somebody set on
 * one may take away what the other relies on. What AWS accepts and loses records by is warned of.
 */
export function checkAtSynth(
  consumer: Construct,
  { mapping, reader }: { readonly mapping: CfnEventSourceMapping; readonly reader: LambdaFunction },
  settings: Unchecked<ConsumerSettings>,
): void {
  const { mode, failureReporting, leaseMs } = settings;
  const made = mapping.destinationConfig;
  consumer.node.addValidation({
    validate: () => {
      const onFailure = mapping.destinationConfig === made ? settings.onFailure : destinationOfResource(mapping);
      const now = { ...settingsOfResource(mapping), onFailure };
      warnOfSettings(consumer, now);
      const functionTimeoutSeconds = timeoutOf(reader);
      return consumerProblems({ ...now, mode, failureReporting, functionTimeoutSeconds, leaseMs })
        .map(named)
        .map(({ property, message }) => `${property} ${message}`);
    },
  });
}

function timeoutOf(reader: LambdaFunction): number | undefined {
  const resource = reader.node.defaultChild;
  const timeout = CfnFunction.isCfnFunction(resource) ? resource.timeout : undefined;
  return Token.isUnresolved(timeout) ? undefined : timeout;
}
