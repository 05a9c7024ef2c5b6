import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';

/** Neither `kafka-retry-configurations` of the developer guide nor the API reference says what the two do together. */
export function bisectWithReportWarnings(settings: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  const reports = settings.functionResponseTypes?.includes('ReportBatchItemFailures') ?? false;
  if (settings.bisectBatchOnFunctionError !== true || !reports) return [];
  const message =
    'together with ReportBatchItemFailures does something that AWS does not document for Kafka: which records come again is open. Use one of the two';
  return [{ property: 'bisectBatchOnFunctionError', message }];
}
