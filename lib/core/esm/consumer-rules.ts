import { leaseRangeMs } from '../claim/lease.ts';
import { isWhole } from './rules/values.ts';
import { type EventSourceMappingSettings, type SettingsProblem, settingsProblems, type Unchecked } from './settings.ts';

export type { Unchecked } from './settings.ts';

/**
 * A function, its event source mapping and its table, as far as they must agree.
 *
 * - `failureReporting`: how the handler tells what is not done, by an error or by a partial batch response.
 * - `leaseMs`: as configured, 500 to 900 000; without it the handler cuts its default to what fits.
 * - `region`, `tableRegion`: of the function and of its idempotency table; unchecked unless both are known.
 */
export interface ConsumerSettings extends EventSourceMappingSettings {
  readonly mode: 'claim' | 'transaction' | 'position' | 'mark';
  readonly failureReporting: 'throw' | 'report';
  readonly leaseMs?: number;
  readonly tableRegion?: string;
  readonly region?: string;
}

/** Everything that AWS refuses or ignores, and everything in which function, mapping and table contradict each other. */
export function consumerProblems(settings: Unchecked<ConsumerSettings>): readonly SettingsProblem[] {
  const { mode, failureReporting, leaseMs, tableRegion, region, ...mapping } = settings;
  return [
    ...settingsProblems(mapping),
    ...leaseProblems(leaseMs, mapping.functionTimeoutSeconds),
    ...reportProblems(failureReporting, mapping),
    ...(mode === 'position' ? positionProblems(failureReporting, mapping) : []),
    ...regionProblems(tableRegion, region),
  ];
}

function leaseProblems(leaseMs: number | undefined, timeoutSeconds: number | undefined): readonly SettingsProblem[] {
  if (leaseMs === undefined) return [];
  const { least, most } = leaseRangeMs;
  if (!isWhole(leaseMs, least, most)) {
    const message = `is ${leaseMs}; the handler takes whole numbers from ${least} to ${most} ms: use one of these`;
    return [{ property: 'leaseMs', message }];
  }
  const longestMs = timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : Math.floor((timeoutSeconds * 1000) / 3);
  if (leaseMs <= longestMs) return [];
  const message = `is ${leaseMs}, over a third of the function's time-out: what a crashed invocation has claimed would wait too long, so the handler would cut it. Use at most ${longestMs}, or a longer time-out`;
  return [{ property: 'leaseMs', message }];
}

function reportProblems(
  failureReporting: ConsumerSettings['failureReporting'] | undefined,
  { functionResponseTypes }: Unchecked<EventSourceMappingSettings>,
): readonly SettingsProblem[] {
  if (failureReporting !== 'report' || functionResponseTypes?.includes('ReportBatchItemFailures') === true) return [];
  const message =
    "is 'report', but the mapping has no ReportBatchItemFailures: it would take every report for success and lose what failed. Switch that on at the mapping first, or use 'throw'";
  return [{ property: 'failureReporting', message }];
}

/** The mode commits an ordered prefix of a topic-partition, and believes that the mapping delivers just that. */
function positionProblems(
  failureReporting: ConsumerSettings['failureReporting'] | undefined,
  mapping: Unchecked<EventSourceMappingSettings>,
): readonly SettingsProblem[] {
  const { maximumRetryAttempts: retries, maximumRecordAgeSeconds: age } = mapping;
  const outOfOrder = 'records could come again out of order';
  const broken: readonly (readonly [keyof ConsumerSettings, boolean, string])[] = [
    ['maximumRetryAttempts', retries !== undefined && retries !== -1, 'records would be skipped'],
    ['maximumRecordAgeSeconds', age !== undefined && age !== -1, 'records would be skipped'],
    ['onFailure', mapping.onFailure !== undefined, 'it makes endless retries ten, after which records are skipped'],
    ['bisectBatchOnFunctionError', mapping.bisectBatchOnFunctionError === true, 'a later half could come first'],
    ['functionResponseTypes', mapping.functionResponseTypes?.includes('ReportBatchItemFailures') === true, outOfOrder],
    ['failureReporting', failureReporting === 'report', outOfOrder],
  ];
  return broken
    .filter(([, isBroken]) => isBroken)
    .map(([property, , why]) => {
      const remedy = property === 'failureReporting' ? "Use 'throw'" : 'Leave it out';
      const message = `contradicts mode 'position', which trusts that the mapping delivers each partition in order and whole: ${why}. ${remedy}, or use another mode`;
      return { property, message };
    });
}

function regionProblems(tableRegion: string | undefined, region: string | undefined): readonly SettingsProblem[] {
  if (tableRegion === undefined || region === undefined || tableRegion === region) return [];
  const message = `is ${tableRegion}, and the function is in ${region}: claims are exclusive in one writing Region only, and every one would cross the distance. Use a table in ${region}`;
  return [{ property: 'tableRegion', message }];
}
