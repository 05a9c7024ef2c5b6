import type { SettingsProblem } from '../../lib/core/esm/settings.ts';

/** The names of the settings that the construct calls otherwise. */
const propertyNames: Readonly<Record<string, string>> = {
  batchingWindowMs: 'batchingWindow',
  maximumRecordAgeSeconds: 'maximumRecordAge',
  functionTimeoutSeconds: 'timeout',
  functionResponseTypes: 'reportBatchItemFailures',
  logLevel: 'mappingLogLevel',
  metrics: 'mappingMetrics',
  leaseMs: 'lease',
  tableRegion: 'table',
};

/** A problem by the construct's name for its property. */
export function named({ property, message }: SettingsProblem): SettingsProblem {
  return { property: propertyNames[property] ?? property, message };
}
