import { ConfigurationError } from '../errors/errors.ts';

/** Where a consumer group starts in a topic-partition for which it has no committed offset. */
export type StartingPosition = 'TRIM_HORIZON' | 'LATEST' | { readonly atTimestampMs: number };

/**
 * Settings of an event source mapping for Kafka, named and limited as AWS does.
 *
 * - `batchSize`: records an invocation at most, 1 to 10 000, default 100.
 * - `batchingWindowMs`: how long records are gathered for a batch: 500 (default) or whole seconds from 0 to 300 000.
 *   AWS takes it in seconds as `MaximumBatchingWindowInSeconds`, where only the default has a fraction.
 * - `maximumRetryAttempts`: -1 (default: retry until it succeeds, which blocks the partition) or 0 to 10 000, the first
 *   try not counted. What is undone after the last one is dropped.
 * - `functionResponseTypes`: `['ReportBatchItemFailures']` lets the function name the records that failed. Default: none,
 *   and then every answer but an error is success.
 * - `functionTimeoutSeconds`: the time-out of the function, 1 to 840: AWS refuses a mapping to a slower one.
 * - `startingPosition`: `TRIM_HORIZON` (default), `LATEST` or `{ atTimestampMs }`. Committed offsets win over it.
 *
 * Source: AWS Lambda API reference, CreateEventSourceMapping; developer guide, "Using Lambda with Amazon MSK".
 */
export interface EventSourceMappingSettings {
  readonly batchSize?: number;
  readonly batchingWindowMs?: number;
  readonly maximumRetryAttempts?: number;
  readonly functionResponseTypes?: readonly 'ReportBatchItemFailures'[];
  readonly functionTimeoutSeconds?: number;
  readonly startingPosition?: StartingPosition;
}

/** Settings with the defaults filled in and every value proven. */
export interface ResolvedSettings {
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly maximumRetryAttempts: number;
  readonly reportsBatchItemFailures: boolean;
  readonly startingPosition: StartingPosition;
}

/** One thing that is wrong with the settings. */
export interface SettingsProblem {
  readonly property: string;
  readonly message: string;
}

const known: ReadonlySet<string> = new Set<keyof EventSourceMappingSettings>([
  'batchSize',
  'batchingWindowMs',
  'maximumRetryAttempts',
  'functionResponseTypes',
  'functionTimeoutSeconds',
  'startingPosition',
]);

/** Everything that AWS would refuse in the settings, in their order; empty when all is well. */
export function settingsProblems(settings: EventSourceMappingSettings): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const check = (property: string, value: unknown, allows: (value: unknown) => boolean, range: string): void => {
    if (value !== undefined && !allows(value)) {
      problems.push({ property, message: `is ${shown(value)}; AWS allows ${range}` });
    }
  };
  check('batchSize', settings.batchSize, (v) => isWhole(v, 1, 10_000), 'whole numbers from 1 to 10000');
  check(
    'batchingWindowMs',
    settings.batchingWindowMs,
    (v) => v === 500 || (isWhole(v, 0, 300_000) && v % 1000 === 0),
    '500 ms (its default) or whole seconds from 0 to 300 (0 to 300000 ms)',
  );
  check(
    'maximumRetryAttempts',
    settings.maximumRetryAttempts,
    (v) => isWhole(v, -1, 10_000),
    '-1 (retry for ever) or whole numbers from 0 to 10000',
  );
  check(
    'functionResponseTypes',
    settings.functionResponseTypes,
    (v) => Array.isArray(v) && v.length <= 1 && v.every((type) => type === 'ReportBatchItemFailures'),
    "[] or ['ReportBatchItemFailures']",
  );
  check(
    'functionTimeoutSeconds',
    settings.functionTimeoutSeconds,
    (v) => isWhole(v, 1, 840),
    'whole seconds from 1 to 840 (14 minutes) for the function of a Kafka event source mapping',
  );
  check(
    'startingPosition',
    settings.startingPosition,
    isStartingPosition,
    "'TRIM_HORIZON', 'LATEST' or { atTimestampMs } in epoch milliseconds",
  );
  for (const property of Object.keys(settings)) {
    if (!known.has(property)) {
      problems.push({ property, message: `is no setting; there are ${[...known].join(', ')}` });
    }
  }
  return problems;
}

/**
 * Fills in the defaults.
 *
 * @throws ConfigurationError naming the first property that is out of AWS's range.
 */
export function resolveSettings(settings: EventSourceMappingSettings): ResolvedSettings {
  const [problem] = settingsProblems(settings);
  if (problem !== undefined) {
    throw new ConfigurationError(problem.property, problem.message);
  }
  return {
    batchSize: settings.batchSize ?? 100,
    batchingWindowMs: settings.batchingWindowMs ?? 500,
    maximumRetryAttempts: settings.maximumRetryAttempts ?? -1,
    reportsBatchItemFailures: settings.functionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    startingPosition: settings.startingPosition ?? 'TRIM_HORIZON',
  };
}

function isWhole(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
}

function isStartingPosition(value: unknown): boolean {
  if (value === 'TRIM_HORIZON' || value === 'LATEST') {
    return true;
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    'atTimestampMs' in value &&
    isWhole(value.atTimestampMs, 0, Number.MAX_SAFE_INTEGER)
  );
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string'
    ? String(value)
    : (JSON.stringify(value) ?? typeof value);
}
