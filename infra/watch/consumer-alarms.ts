import { Alarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Annotations, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { unmetNeeds } from './alarm-needs.ts';
import type { AlarmName, AlarmRow } from './alarm-row.ts';
import { alarmTable } from './alarm-table.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { runbookAnchor } from './runbook-anchor.ts';
import type { WatchedConsumer } from './watched-consumer.ts';
import { watchedName } from './watched-name.ts';

/**
 * What differs from the alarm's row in `alarmTable`; periods are of 5 minutes.
 *
 * `datapointsToAlarm` is by default the table's, or `evaluationPeriods` where that is set.
 */
export interface AlarmSetting {
  readonly threshold?: number;
  readonly evaluationPeriods?: number;
  readonly datapointsToAlarm?: number;
}

/** By the name of the alarm; `'off'`: it is not made. `notInvoked` is made only where it is named here, `{}` for its defaults. */
export type AlarmSettings = Partial<Readonly<Record<AlarmName, AlarmSetting | 'off'>>>;

/**
 * - `topic`: told when an alarm is raised and when it is over. An encrypted topic's key must let `cloudwatch.amazonaws.com`
 *   use it. A topic with `enforceSSL` or any policy of its own must allow `sns:Publish` to that principal: an explicit policy
 *   replaces the default one, by which alarms of the account may publish. Default: nobody is told, which is warned of.
 *   https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * - `settings`: default: every alarm that the consumer has the metrics for, as in `alarmTable`, but for `notInvoked`.
 * - `runbook`: where the descriptions point. Default: `docs/runbook.md`, which comes with the package.
 */
export interface ConsumerAlarmsProps {
  readonly watched: WatchedConsumer;
  readonly metrics: ConsumerMetrics;
  readonly topic?: ITopic;
  readonly settings?: AlarmSettings;
  readonly runbook?: string;
}

/**
 * The alarms of a consumer, named `KafkaOnce <name> <title>`.
 *
 * Each costs as one CloudWatch alarm, those over a share or a growth as one for each metric in it. An alarm that needs
 * metrics which the mapping does not send, or a queue that is not there, is not made; nor is `notInvoked` unless `settings`
 * name it.
 *
 * @throws ConfigurationError for settings that CloudWatch would refuse, or that are for an alarm that is not made.
 */
export class ConsumerAlarms extends Construct {
  /** Those that were made, in the order of the table. */
  readonly alarms: ReadonlyMap<AlarmName, Alarm>;

  constructor(scope: Construct, id: string, props: ConsumerAlarmsProps) {
    super(scope, id);
    const { watched, metrics, topic, settings = {}, runbook = 'docs/runbook.md' } = props;
    for (const name of Object.keys(settings)) checkName(name);
    const action = topic === undefined ? undefined : new SnsAction(topic);
    const alarms = new Map<AlarmName, Alarm>();
    for (const name of alarmNames) {
      const row = alarmTable[name];
      const setting = settings[name];
      const unmet = unmetNeeds(row.needs ?? [], watched);
      if (setting === 'off' || (row.onlyIfSet === true && setting === undefined)) continue;
      if (unmet.length > 0) {
        if (setting !== undefined) throw new ConfigurationError(`settings.${name}`, `needs ${unmet.join(' and ')}`);
        continue;
      }
      const alarm = new Alarm(this, name, {
        alarmName: `KafkaOnce ${watchedName(watched)} ${row.title}`,
        alarmDescription: `${row.meaning} ${runbook}#${runbookAnchor(row.title)}`,
        metric: row.metric(metrics),
        comparisonOperator:
          row.comparison === 'below'
            ? ComparisonOperator.LESS_THAN_THRESHOLD
            : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: row.missing,
        ...limits(name, row, setting, watched),
      });
      if (action !== undefined) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
      alarms.set(name, alarm);
    }
    this.alarms = alarms;
    if (topic === undefined && alarms.size > 0) warnOfSilence(this);
  }
}

function warnOfSilence(alarms: ConsumerAlarms): void {
  Annotations.of(alarms).addWarningV2(
    'kafka-once:alarms',
    "alarms tell nobody: give alarms: { topic }, an SNS topic that somebody reads, or alarms: 'none'. Where the actions are added otherwise, acknowledge this: Annotations.of(consumer).acknowledgeWarning('kafka-once:alarms')",
  );
}

function isAlarmName(name: string): name is AlarmName {
  return Object.hasOwn(alarmTable, name);
}

const alarmNames: readonly AlarmName[] = Object.keys(alarmTable).filter(isAlarmName);

function checkName(name: string): void {
  if (isAlarmName(name)) return;
  throw new ConfigurationError(`settings.${name}`, `is no alarm; there are ${alarmNames.join(', ')}`);
}

function limits(
  name: AlarmName,
  row: AlarmRow,
  setting: AlarmSetting = {},
  watched: WatchedConsumer,
): Required<AlarmSetting> {
  const threshold = setting.threshold ?? (typeof row.threshold === 'number' ? row.threshold : row.threshold(watched));
  const evaluationPeriods = setting.evaluationPeriods ?? row.evaluationPeriods;
  const datapointsToAlarm = setting.datapointsToAlarm ?? setting.evaluationPeriods ?? row.datapointsToAlarm;
  const check = (property: string, value: number, isRight: boolean, rule: string): void => {
    if (Token.isUnresolved(value) || isRight) return;
    throw new ConfigurationError(`settings.${name}.${property}`, `is ${value}; ${rule}`);
  };
  check('threshold', threshold, threshold > 0 && Number.isFinite(threshold), 'it must be over 0, or it always alarms');
  check(
    'evaluationPeriods',
    evaluationPeriods,
    Number.isInteger(evaluationPeriods) && evaluationPeriods >= 1 && evaluationPeriods <= mostPeriods,
    `CloudWatch takes 1 to ${mostPeriods} periods of 5 minutes, a day`,
  );
  check(
    'datapointsToAlarm',
    datapointsToAlarm,
    Number.isInteger(datapointsToAlarm) && datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods,
    `it must be 1 to evaluationPeriods (${evaluationPeriods})`,
  );
  return { threshold, evaluationPeriods, datapointsToAlarm };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const mostPeriods = 288;
