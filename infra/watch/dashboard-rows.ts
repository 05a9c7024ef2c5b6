import {
  AlarmStatusWidget,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ConsumerAlarms } from './consumer-alarms.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { watchedName } from './watched-name.ts';

/** The rows of one consumer, in the order in which questions are asked: is it well, does it keep up, what becomes of records, why not. */
export function dashboardRows(
  metrics: ConsumerMetrics,
  alarms: ConsumerAlarms | undefined,
  runbook: string,
): readonly (readonly IWidget[])[] {
  const rows = [heading(metrics, runbook)];
  if (alarms !== undefined && alarms.alarms.size > 0) {
    rows.push([new AlarmStatusWidget({ alarms: [...alarms.alarms.values()], title: 'Alarms', width: 24, height: 4 })]);
  }
  rows.push(keepingUp(metrics), records(metrics), invocations(metrics), lookInto(metrics), log(metrics));
  return rows;
}

function heading({ watched }: ConsumerMetrics, runbook: string): readonly IWidget[] {
  const { topic, consumerGroupId } = watched;
  const markdown = `# ${watchedName(watched)}\nTopic \`${topic}\`, consumer group \`${consumerGroupId}\`. What to do: ${runbook}`;
  return [new TextWidget({ markdown, width: 24, height: 2 })];
}

function keepingUp(metrics: ConsumerMetrics): readonly IWidget[] {
  const { watched } = metrics;
  const has = (group: string): boolean => watched.esmMetrics.includes(group);
  const lag = [metrics.metricOffsetLag({ label: 'Of the topic' })];
  if (has('KafkaMetrics')) {
    lag.push(metrics.metricMapping('MaxOffsetLag', { statistic: Stats.MAXIMUM, label: 'Of the worst partition' }));
  }
  const flow: IMetric[] = [];
  if (has('EventCount')) {
    flow.push(metrics.metricMapping('PolledEventCount', { label: 'Polled' }));
    flow.push(metrics.metricMapping('CommittedEventCount', { label: 'Committed' }));
    flow.push(metrics.metricMapping('DroppedEventCount', { label: 'Dropped' }));
  }
  if (has('ErrorCount')) flow.push(metrics.metricMapping('PollingErrorCount', { label: 'Polling errors' }));
  const pollers = watched.hasProvisionedPollers
    ? [metrics.metricMapping('ProvisionedPollers', { statistic: Stats.MAXIMUM, label: 'Pollers' })]
    : [];
  const widgets = [
    graph('Lag, records', lag),
    graph('Age of the oldest undone record, s', [metrics.metric('OldestUndoneAge', { label: 'Age' })]),
  ];
  if (flow.length + pollers.length > 0) widgets.push(graph('Event source mapping', flow, { right: pollers }));
  return widgets;
}

function records(metrics: ConsumerMetrics): readonly IWidget[] {
  const done = [
    metrics.metric('RecordsHandled', { label: 'Handled' }),
    metrics.metric('RecordsDuplicate', { label: 'Duplicate' }),
    metrics.metricDeadLetters({ label: 'Dead-lettered' }),
  ];
  const undone = [
    metrics.metric('RecordsFailed', { label: 'Failed' }),
    metrics.metric('RecordsBusy', { label: 'Busy' }),
    metrics.metric('RecordsHeldBack', { label: 'Held back' }),
    metrics.metric('RecordsNotAttempted', { label: 'Not attempted' }),
  ];
  return [
    graph('Records done', done, { stacked: true, width: 12 }),
    graph('Records to be delivered again', undone, { stacked: true, width: 12 }),
  ];
}

function invocations(metrics: ConsumerMetrics): readonly IWidget[] {
  const duration = (statistic: string): IMetric => metrics.metricFunction('Duration', { statistic, label: statistic });
  const timeoutMs = metrics.watched.functionTimeout.toMilliseconds();
  return [
    new GraphWidget({
      title: 'Duration, ms',
      left: [duration('p50'), duration('p99'), duration(Stats.MAXIMUM)],
      leftAnnotations: [{ value: timeoutMs, label: 'Time-out' }],
      width: 12,
    }),
    graph(
      'Invocations',
      ['Invocations', 'Errors', 'Throttles'].map((name) => metrics.metricFunction(name)),
      { width: 12 },
    ),
  ];
}

function lookInto(metrics: ConsumerMetrics): readonly IWidget[] {
  const faults = [
    metrics.metric('StoreFailures', { label: 'Store failures' }),
    metrics.metric('LeaseTakeovers', { label: 'Lease takeovers' }),
    metrics.metric('LeasesLost', { label: 'Leases lost' }),
    metrics.metric('HandlersUnsettled', { label: 'Handlers unsettled' }),
    metrics.metric('DeadLetterFailures', { label: 'Dead letter failures' }),
    metrics.metric('HandledUnprotected', { label: 'Handled unprotected' }),
  ];
  const keys = [
    metrics.metric('FallbackKeys', { label: 'Fallback keys' }),
    metrics.metric('FingerprintMismatches', { label: 'Fingerprint mismatches' }),
  ];
  const { deadLetterQueue: queue } = metrics.watched;
  const widgets = [graph('To look into', faults), graph('Business IDs', keys)];
  if (queue === undefined) return widgets;
  const waiting = queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, label: 'Waiting' });
  const age = queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, label: 'Age of the oldest, s' });
  return [...widgets, graph('Dead letters', [waiting], { right: [age] })];
}

function log({ watched, queryPrefix: at }: ConsumerMetrics): readonly IWidget[] {
  return [
    new LogQueryWidget({
      title: 'What to look into, newest first',
      logGroupNames: [watched.logGroup.logGroupName],
      view: LogQueryVisualizationType.TABLE,
      queryLines: [
        `fields @timestamp, level, ${at}observation as observation, ${at}topic as topic, ${at}partition as partition, ${at}offset as offset, ${at}errorName as errorName, ${at}reason as reason, ${at}detail as detail`,
        `filter level in ["WARN", "ERROR"] and ${at}observation != "invocationEnded"`,
        'sort @timestamp desc',
        'limit 50',
      ],
      width: 24,
      height: 8,
    }),
  ];
}

function graph(
  title: string,
  left: readonly IMetric[],
  options: { readonly right?: readonly IMetric[]; readonly stacked?: boolean; readonly width?: number } = {},
): GraphWidget {
  const { right = [], stacked = false, width = 8 } = options;
  return new GraphWidget({ title, left: [...left], right: [...right], stacked, width, leftYAxis: { min: 0 } });
}
