import type { EventSourceMappingSettings, SettingsProblem, Unchecked } from '../settings.ts';
import { isWhole, shown } from './values.ts';

interface Range {
  readonly property: keyof EventSourceMappingSettings;
  readonly allows: (value: unknown) => boolean;
  readonly range: string;
  /** What to do instead of leaving it out. */
  readonly otherwise?: string;
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

const isListOf =
  (...choices: readonly string[]) =>
  (value: unknown): boolean =>
    Array.isArray(value) &&
    new Set(value).size === value.length &&
    value.every((each) => choices.some((choice) => choice === each));

/** AWS Lambda API reference, CreateEventSourceMapping; the time-out: developer guide, `with-msk`. */
const ranges: readonly Range[] = [
  { property: 'batchSize', allows: (v) => isWhole(v, 1, 10_000), range: 'whole numbers from 1 to 10000' },
  {
    property: 'batchingWindowMs',
    allows: (v) => v === 500 || (isWhole(v, 0, 300_000) && v % 1000 === 0),
    range: '500 ms (its default) or whole seconds from 0 to 300 (0 to 300000 ms)',
  },
  {
    property: 'maximumRetryAttempts',
    allows: (v) => isWhole(v, -1, 10_000),
    range: '-1 (retry for ever) or whole numbers from 0 to 10000',
  },
  {
    property: 'maximumRecordAgeSeconds',
    allows: (v) => v === -1 || isWhole(v, 60, 604_800),
    range: '-1 (no limit) or whole seconds from 60 to 604800 (7 days)',
  },
  { property: 'bisectBatchOnFunctionError', allows: isBoolean, range: 'true or false' },
  {
    property: 'functionResponseTypes',
    allows: isListOf('ReportBatchItemFailures'),
    range: "[] or ['ReportBatchItemFailures']",
  },
  {
    property: 'functionTimeoutSeconds',
    allows: (v) => isWhole(v, 1, 840),
    range: 'whole seconds from 1 to 840 (14 minutes) for the function of a Kafka event source mapping',
    otherwise: "lower the function's time-out, and the batch size with it",
  },
  {
    property: 'startingPosition',
    allows: isStartingPosition,
    range:
      "'TRIM_HORIZON', 'LATEST' or { atTimestampMs } in epoch milliseconds, of 1973 or later (seconds are a thousandth of it)",
  },
  { property: 'schemaRegistry', allows: isBoolean, range: 'true or false' },
  { property: 'logLevel', allows: (v) => v === 'DEBUG' || v === 'INFO' || v === 'WARN', range: 'DEBUG, INFO or WARN' },
  {
    property: 'metrics',
    allows: isListOf('EventCount', 'ErrorCount', 'KafkaMetrics'),
    range: 'each of EventCount, ErrorCount and KafkaMetrics at most once',
  },
];

/** A value is out of the range that AWS allows. */
export function rangeProblems(settings: Unchecked<EventSourceMappingSettings>): readonly SettingsProblem[] {
  return ranges.flatMap(({ property, allows, range, otherwise = 'use one of these, or leave it out' }) => {
    const value: unknown = settings[property];
    if (value === undefined || allows(value)) return [];
    return [{ property, message: `is ${shown(value)}; AWS allows ${range}: ${otherwise}` }];
  });
}

/** What is below is a time in seconds: as milliseconds it is older than any topic. */
const earliestMs = 100_000_000_000;
/** The last one that a date can have. */
const latestMs = 8_640_000_000_000_000;

function isStartingPosition(value: unknown): boolean {
  if (value === 'TRIM_HORIZON' || value === 'LATEST') return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    'atTimestampMs' in value &&
    isWhole(value.atTimestampMs, earliestMs, latestMs)
  );
}
