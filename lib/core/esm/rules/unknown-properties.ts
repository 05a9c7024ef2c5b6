import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';

/** Every setting once; the compiler sees to it that none is missing. */
const known: Readonly<Record<keyof EventSourceMappingSettings, true>> = {
  topic: true,
  consumerGroupId: true,
  batchSize: true,
  batchingWindowMs: true,
  maximumRetryAttempts: true,
  maximumRecordAgeSeconds: true,
  bisectBatchOnFunctionError: true,
  functionResponseTypes: true,
  functionTimeoutSeconds: true,
  startingPosition: true,
  provisionedPollers: true,
  onFailure: true,
  filters: true,
  schemaRegistry: true,
  logLevel: true,
  metrics: true,
};

/** A mistyped setting would leave a default in place unseen. */
export function unknownPropertyProblems(settings: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  return Object.keys(settings)
    .filter((property) => !Object.hasOwn(known, property))
    .map((property) => ({ property, message: `is no setting; there are ${Object.keys(known).join(', ')}` }));
}
