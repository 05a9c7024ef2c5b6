import { FilterPattern, type IFilterPattern } from 'aws-cdk-lib/aws-logs';
import type { LogFieldName } from '../../lib/core/observe/log-line.ts';
import { type MetricName, metricTable } from '../../lib/core/observe/metrics.ts';

/** The field of the summary line that holds the value of a metric. */
const summaryFields: Partial<Readonly<Record<MetricName, LogFieldName>>> = {
  RecordsReceived: 'records',
  RecordsHandled: 'handled',
  RecordsDuplicate: 'duplicate',
  RecordsDeadLettered: 'deadLettered',
  RecordsFailed: 'failed',
  RecordsBusy: 'busy',
  RecordsHeldBack: 'heldBack',
  RecordsNotAttempted: 'notAttempted',
  RecordsUndone: 'undone',
  OldestUndoneAge: 'oldestUndoneAgeSeconds',
  InvocationDuration: 'durationMs',
  // Its own lines are written at debug only.
  FallbackKeys: 'fallbackKeys',
};

/** Only records that failed have a line at the level info: an average over them would mislead. */
const unfiltered: readonly MetricName[] = ['HandlerDuration'];

/** How a metric is made of log lines: of which, and of which value in them. */
export interface LogFilter {
  readonly pattern: IFilterPattern;
  /** `1` for each line, or the field whose number is taken. */
  readonly value: string;
}

/**
 * The metric filter that makes a metric of the toolkit's log lines; undefined for one that cannot be made of them.
 *
 * `root` is where the fields stand in the line: `$.message` as Lambda's runtime writes what `consoleObserver` hands it, `$`
 * as the Logger of Powertools writes it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function logFilterOf(name: MetricName, root: '$.message' | '$'): LogFilter | undefined {
  if (unfiltered.includes(name)) return undefined;
  const field = summaryFields[name];
  const observation = field === undefined ? metricTable[name].from : 'invocationEnded';
  const pattern = FilterPattern.stringValue(`${root}.observation`, '=', observation);
  if (field === undefined) return { pattern, value: '1' };
  const value = `${root}.${field}`;
  // A value can only be taken of a field that the pattern names; none is ever negative.
  return { pattern: FilterPattern.all(pattern, FilterPattern.numberValue(value, '>=', 0)), value };
}
