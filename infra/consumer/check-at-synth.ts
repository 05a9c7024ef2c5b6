import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type ConsumerSettings, consumerProblems, type Unchecked } from '../../lib/core/esm/consumer-rules.ts';
import { named } from './property-names.ts';
import { settingsOfResource } from './settings-of-resource.ts';

/**
 * Holds the mapping, as it stands when the app is synthesised, to the rules: a raw property that somebody set on it may
 * take away what the function relies on.
 */
export function checkAtSynth(
  consumer: Construct,
  mapping: CfnEventSourceMapping,
  settings: Unchecked<ConsumerSettings>,
): void {
  const { mode, failureReporting, functionTimeoutSeconds, onFailure, leaseMs } = settings;
  consumer.node.addValidation({
    validate: () => {
      const now = settingsOfResource(mapping);
      return consumerProblems({ ...now, mode, failureReporting, functionTimeoutSeconds, onFailure, leaseMs })
        .map(named)
        .map(({ property, message }) => `${property} ${message}`);
    },
  });
}
