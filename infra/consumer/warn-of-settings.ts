import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ConsumerSettings } from '../../lib/core/esm/consumer-rules.ts';
import { settingsWarnings, type Unchecked } from '../../lib/core/esm/settings.ts';
import { named } from './property-names.ts';

/** Warns of what AWS accepts in the settings of a mapping and loses records by; of the same once. */
export function warnOfSettings(consumer: Construct, settings: Unchecked<Partial<ConsumerSettings>>): void {
  for (const { property, message } of settingsWarnings(settings).map(named)) {
    Annotations.of(consumer).addWarningV2(`kafka-once:${property}`, `${property} ${message}`);
  }
}
