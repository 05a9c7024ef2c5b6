import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { MetricName } from '../../lib/core/observe/metrics.ts';
import type { AlarmRow } from './alarm-row.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';

/** Of every alarm. CloudWatch has the values of a minute two minutes later, and nobody acts faster than in five. */
export const alarmPeriod: Duration = Duration.minutes(5);

/** Below this a growing lag is noise. */
export const smallestLag = 1_000;

export function ownMetric(name: MetricName): AlarmRow['metric'] {
  return (metrics) => metrics.metric(name, { period: alarmPeriod });
}

export function mappingMetric(name: string): AlarmRow['metric'] {
  return (metrics) => metrics.metricMapping(name, { period: alarmPeriod });
}

export function offsetLagGrowth(metrics: ConsumerMetrics): IMetric {
  const props = { statistic: Stats.MINIMUM, period: alarmPeriod };
  const lag = metrics.watched.esmMetrics.includes('KafkaMetrics')
    ? metrics.metricMapping('SumOffsetLag', props)
    : metrics.metricOffsetLag(props);
  const expression = `IF(lag >= ${smallestLag}, DIFF(lag), 0)`;
  return overMetrics(expression, { lag }, 'Growth of the lag');
}

/** CloudWatch has no value of `Invocations` where there was none. */
export function waitingUnread(metrics: ConsumerMetrics): IMetric {
  const lag = metrics.metricOffsetLag({ statistic: Stats.MINIMUM, period: alarmPeriod });
  const invocations = metrics.metricFunction('Invocations', { period: alarmPeriod });
  const expression = 'IF(FILL(invocations, 0) < 1, FILL(lag, REPEAT), 0)';
  return overMetrics(expression, { invocations, lag }, 'Records that wait for an invocation');
}

export function errorShare(metrics: ConsumerMetrics): IMetric {
  const errors = metrics.metricFunction('Errors', { period: alarmPeriod });
  const invocations = metrics.metricFunction('Invocations', { period: alarmPeriod });
  return overMetrics('100 * errors / invocations', { errors, invocations }, 'Invocations that failed, %');
}

export function fallbackShare(metrics: ConsumerMetrics): IMetric {
  const fallbackKeys = metrics.metric('FallbackKeys', { period: alarmPeriod });
  const received = metrics.metric('RecordsReceived', { period: alarmPeriod });
  return overMetrics('100 * fallbackKeys / received', { fallbackKeys, received }, 'Records without a business ID, %');
}

function overMetrics(expression: string, usingMetrics: Record<string, IMetric>, label: string): IMetric {
  return new MathExpression({ expression, usingMetrics, label, period: alarmPeriod });
}

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html and
 * …/setting-up-dead-letter-queue-retention.html
 */
export function deadLetterAge({ watched }: ConsumerMetrics): IMetric {
  const { deadLetterQueue } = watched;
  if (deadLetterQueue === undefined) throw new Error('there is no dead-letter queue');
  return deadLetterQueue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period: alarmPeriod });
}
