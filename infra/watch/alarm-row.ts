import type { IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmNeed } from './alarm-needs.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import type { WatchedConsumer } from './watched-consumer.ts';

/** Names of the alarms, as in the settings of `ConsumerAlarms`. */
export type AlarmName =
  | 'offsetLag'
  | 'offsetLagGrowth'
  | 'notReading'
  | 'notInvoked'
  | 'oldestUndoneAge'
  | 'notPolling'
  | 'pollingErrors'
  | 'deadLetters'
  | 'deadLetterAge'
  | 'deadLetterFailures'
  | 'droppedRecords'
  | 'batchesGivenUp'
  | 'destinationFailures'
  | 'functionErrors'
  | 'throttles'
  | 'durationNearTimeout'
  | 'leaseTakeovers'
  | 'leasesLost'
  | 'fallbackKeys'
  | 'fingerprintMismatches'
  | 'storeFailures'
  | 'handlersUnsettled'
  | 'handledUnprotected';

/** One row of the alarm table. */
export interface AlarmRow {
  /** The heading of its section in docs/runbook.md. */
  readonly title: string;
  /** One sentence for whom it wakes. */
  readonly meaning: string;
  /** Why this threshold, these periods, and this reading of missing data. */
  readonly why: string;
  /** Default: none. */
  readonly needs?: readonly AlarmNeed[];
  /** True: made only where `settings` name it, `{}` for the row as it is. Default: false. */
  readonly onlyIfSet?: true;
  readonly metric: (metrics: ConsumerMetrics) => IMetric;
  /** `atLeast` if not said otherwise. */
  readonly comparison?: 'below';
  readonly threshold: number | ((watched: WatchedConsumer) => number);
  /** Of this many periods of 5 minutes … */
  readonly evaluationPeriods: number;
  /** … so many must be over the threshold. */
  readonly datapointsToAlarm: number;
  readonly missing: TreatMissingData;
}
