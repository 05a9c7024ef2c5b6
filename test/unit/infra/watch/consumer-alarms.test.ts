import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import type { AlarmName } from '../../../../infra/watch/alarm-row.ts';
import { alarmTable } from '../../../../infra/watch/alarm-table.ts';
import { ConsumerAlarms, type ConsumerAlarmsProps } from '../../../../infra/watch/consumer-alarms.ts';
import { ConsumerMetrics, type MetricSource } from '../../../../infra/watch/consumer-metrics.ts';
import type { WatchedConsumer } from '../../../../infra/watch/watched-consumer.ts';
import { logical, watchedStack } from './watched-stack.ts';

interface Options extends Pick<ConsumerAlarmsProps, 'settings' | 'runbook'> {
  readonly watched?: Partial<WatchedConsumer>;
  readonly withTopic?: boolean;
  readonly source?: MetricSource;
}

function synthesized({ watched: changes, withTopic = false, source, ...props }: Options = {}) {
  const { stack, watched, template } = watchedStack(changes);
  const metrics = new ConsumerMetrics(stack, watched, source === undefined ? {} : { source });
  const topic = withTopic ? { topic: new Topic(stack, 'OnCall') } : {};
  const made = new ConsumerAlarms(stack, 'Alarms', { watched, metrics, ...topic, ...props });
  return { made, template: template() };
}

/** What the alarm of a name is in the template. */
function alarmNamed(name: string, options?: Options): Record<string, unknown> {
  const { template } = synthesized(options);
  const found = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((alarm) => alarm.Properties);
  const [alarm, ...others] = found.filter(({ AlarmName }) => AlarmName === `KafkaOnce orders ${name}`);
  expect(others).toEqual([]);
  return { ...alarm };
}

const byFunction = [{ Name: 'FunctionName', Value: { Ref: logical.function } }];
const byMapping = [{ Name: 'EventSourceMappingUUID', Value: { 'Fn::GetAtt': [logical.mapping, 'Id'] } }];
const byQueue = [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [logical.queue, 'QueueName'] } }];

const lambda = (metric: string, statistic: string, Dimensions: unknown) => ({
  Namespace: 'AWS/Lambda',
  MetricName: metric,
  Statistic: statistic,
  Dimensions,
});
const own = (metric: string, statistic = 'Sum') => ({
  Namespace: 'KafkaOnce/orders',
  MetricName: metric,
  Statistic: statistic,
  Dimensions: Match.absent(),
});

const inMath = (metric: string, Stat: string, Namespace: string, Dimensions?: unknown) => ({
  Metric: { Namespace, MetricName: metric, ...(Dimensions !== undefined && { Dimensions }) },
  Period: 300,
  Stat,
});

/** Every alarm over an expression: the expression, and all of every metric in it by its ID. */
const expectedMath: Partial<Record<AlarmName, readonly [string, Readonly<Record<string, object>>]>> = {
  offsetLagGrowth: [
    'IF(lag >= 1000, DIFF(lag), 0)',
    { lag: inMath('SumOffsetLag', 'Minimum', 'AWS/Lambda', byMapping) },
  ],
  notReading: [
    'IF(FILL(invocations, 0) < 1, FILL(lag, REPEAT), 0)',
    {
      invocations: inMath('Invocations', 'Sum', 'AWS/Lambda', byFunction),
      lag: inMath('OffsetLag', 'Minimum', 'AWS/Lambda', byFunction),
    },
  ],
  functionErrors: [
    '100 * errors / invocations',
    {
      errors: inMath('Errors', 'Sum', 'AWS/Lambda', byFunction),
      invocations: inMath('Invocations', 'Sum', 'AWS/Lambda', byFunction),
    },
  ],
  fallbackKeys: [
    '100 * fallbackKeys / received',
    {
      fallbackKeys: inMath('FallbackKeys', 'Sum', 'KafkaOnce/orders'),
      received: inMath('RecordsReceived', 'Sum', 'KafkaOnce/orders'),
    },
  ],
};

/** Metric, threshold, m of n periods of 5 minutes, missing data: written by hand, not taken from the table. */
const expected: Readonly<Record<AlarmName, readonly [object, number, number, number, string]>> = {
  offsetLag: [lambda('OffsetLag', 'Minimum', byFunction), 10_000, 3, 3, 'ignore'],
  offsetLagGrowth: [{ Metrics: Match.anyValue() }, 1, 5, 6, 'notBreaching'],
  notReading: [{ Metrics: Match.anyValue() }, 100, 3, 3, 'ignore'],
  notInvoked: [lambda('Invocations', 'Sum', byFunction), 1, 3, 3, 'breaching'],
  oldestUndoneAge: [own('OldestUndoneAge', 'Maximum'), 900, 3, 3, 'ignore'],
  notPolling: [lambda('PolledEventCount', 'SampleCount', byMapping), 1, 3, 3, 'breaching'],
  pollingErrors: [lambda('PollingErrorCount', 'Sum', byMapping), 1, 3, 3, 'notBreaching'],
  deadLetters: [own('DeadLetters'), 1, 1, 1, 'notBreaching'],
  deadLetterAge: [
    {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Statistic: 'Maximum',
      Dimensions: byQueue,
    },
    259_200,
    1,
    1,
    'ignore',
  ],
  deadLetterFailures: [own('DeadLetterFailures'), 1, 2, 3, 'notBreaching'],
  droppedRecords: [lambda('DroppedEventCount', 'Sum', byMapping), 1, 1, 1, 'notBreaching'],
  batchesGivenUp: [lambda('OnFailureDestinationDeliveredEventCount', 'Sum', byMapping), 1, 1, 1, 'notBreaching'],
  destinationFailures: [lambda('DestinationDeliveryFailures', 'Sum', byFunction), 1, 1, 1, 'notBreaching'],
  functionErrors: [{ Metrics: Match.anyValue() }, 50, 3, 3, 'notBreaching'],
  throttles: [lambda('Throttles', 'Sum', byFunction), 1, 3, 3, 'notBreaching'],
  durationNearTimeout: [
    { Namespace: 'AWS/Lambda', MetricName: 'Duration', ExtendedStatistic: 'p99', Dimensions: byFunction },
    48_000,
    3,
    3,
    'notBreaching',
  ],
  leaseTakeovers: [own('LeaseTakeovers'), 1, 3, 3, 'notBreaching'],
  leasesLost: [own('LeasesLost'), 1, 1, 1, 'notBreaching'],
  fallbackKeys: [{ Metrics: Match.anyValue() }, 5, 3, 3, 'notBreaching'],
  fingerprintMismatches: [own('FingerprintMismatches'), 1, 1, 1, 'notBreaching'],
  storeFailures: [own('StoreFailures'), 1, 2, 3, 'notBreaching'],
  handlersUnsettled: [own('HandlersUnsettled'), 1, 1, 1, 'notBreaching'],
  handledUnprotected: [own('HandledUnprotected'), 1, 1, 1, 'notBreaching'],
};

function isAlarmName(name: string): name is AlarmName {
  return Object.hasOwn(alarmTable, name);
}
const names = Object.keys(alarmTable).filter(isAlarmName);
const byDefault = names.filter((name) => name !== 'notInvoked');
/** All that there are. */
const all = { notInvoked: {} };

describe('ConsumerAlarms', () => {
  const { made, template } = synthesized({ withTopic: true, settings: all });

  it.each(names)('%s: metric, dimensions, threshold, periods, missing data and actions', (name) => {
    const [metric, threshold, datapoints, periods, missing] = expected[name];
    const action = [{ Ref: Match.stringLikeRegexp('^OnCall') }];
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `KafkaOnce orders ${alarmTable[name].title}`,
      AlarmDescription: Match.stringLikeRegexp(`^[A-Z][^#]*\\. docs/runbook\\.md#[a-z-]+$`),
      ComparisonOperator: ['notPolling', 'notInvoked'].includes(name)
        ? 'LessThanThreshold'
        : 'GreaterThanOrEqualToThreshold',
      Threshold: threshold,
      DatapointsToAlarm: datapoints,
      EvaluationPeriods: periods,
      TreatMissingData: missing,
      AlarmActions: action,
      OKActions: action,
      ...('Metrics' in metric ? {} : { Period: 300 }),
      ...metric,
    });
  });

  it('are those of the table, in its order, and no more', () => {
    expect([...made.alarms.keys()]).toEqual(names);
    template.resourceCountIs('AWS::CloudWatch::Alarm', names.length);
  });

  it('do not wake for a quiet topic unless they are told that it never is', () => {
    expect([...synthesized().made.alarms.keys()]).toEqual(byDefault);
    const settings = { notInvoked: { evaluationPeriods: 12 } };
    expect(alarmNamed('Not invoked', { settings })).toMatchObject({ EvaluationPeriods: 12, DatapointsToAlarm: 12 });
    const onDemand = { settings, watched: { esmMetrics: [], hasProvisionedPollers: false } };
    expect([...synthesized(onDemand).made.alarms.keys()]).toEqual(expect.arrayContaining(['notReading', 'notInvoked']));
  });

  it('are as many as docs/operations.md reckons the cost of', () => {
    const { template } = synthesized();
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const metrics: readonly number[] = alarms.map(({ Metrics = [{ MetricStat: {} }] }) =>
      Metrics.reduce((sum: number, { MetricStat }: { MetricStat?: object }) => sum + (MetricStat ? 1 : 0), 0),
    );
    const billed = metrics.reduce((sum, count) => sum + count, 0);
    const withDestination = names.filter((name) => alarmTable[name].needs?.includes('failureDestination')).length;
    const operations = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    expect(operations).toContain(
      `| ${alarms.length - withDestination}, over ${billed - withDestination} metrics; with an on-failure destination ${alarms.length} over ${billed} |`,
    );
  });

  it('make no metric filters but those they stand on', () => {
    const filters = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    const made = filters.map(({ Properties }) => String(Properties.MetricTransformations[0].MetricName)).sort();
    expect(made).toEqual([
      'DeadLetterFailures',
      'DeadLetters',
      'FallbackKeys',
      'FingerprintMismatches',
      'HandledUnprotected',
      'HandlersUnsettled',
      'LeaseTakeovers',
      'LeasesLost',
      'OldestUndoneAge',
      'RecordsReceived',
      'StoreFailures',
    ]);
  });

  it.each(names)('%s: if over an expression, that one over these metrics, and every property of them', (name) => {
    const [Expression, metrics] = expectedMath[name] ?? [];
    const found: unknown = alarmNamed(alarmTable[name].title, { settings: all }).Metrics;
    if (Expression === undefined || metrics === undefined) {
      expect(found).toBeUndefined();
      return;
    }
    const used = Object.entries(metrics).map(([Id, MetricStat]) => ({ Id, MetricStat, ReturnData: false }));
    expect(found).toEqual([{ Expression, Id: 'expr_1', Label: expect.any(String), ReturnData: true }, ...used]);
  });

  it('see growth on the lag of the function where the mapping has no metrics of its own', () => {
    expect(alarmNamed('Offset lag growth', { watched: { esmMetrics: [] } }).Metrics).toEqual([
      expect.objectContaining({ Expression: 'IF(lag >= 1000, DIFF(lag), 0)' }),
      { Id: 'lag', MetricStat: inMath('OffsetLag', 'Minimum', 'AWS/Lambda', byFunction), ReturnData: false },
    ]);
  });

  it('are made only for what the consumer has', () => {
    const { stack, watched } = watchedStack({ esmMetrics: [] });
    const { deadLetterQueue: _queue, ...withoutQueue } = watched;
    Object.assign(watched.mapping ?? {}, { destinationConfig: undefined, enabled: false });
    const metrics = new ConsumerMetrics(stack, withoutQueue);
    const { alarms } = new ConsumerAlarms(stack, 'Alarms', { watched: withoutQueue, metrics });
    const absent = names.filter((name) => !alarms.has(name));
    expect(absent).toEqual([
      'notReading',
      'notInvoked',
      'notPolling',
      'pollingErrors',
      'deadLetterAge',
      'droppedRecords',
      'batchesGivenUp',
      'destinationFailures',
    ]);
  });

  it('do not miss a mapping that was disabled on purpose', () => {
    const { stack, watched } = watchedStack();
    Object.assign(watched.mapping ?? {}, { enabled: false });
    const metrics = new ConsumerMetrics(stack, watched);
    const { alarms } = new ConsumerAlarms(stack, 'Alarms', { watched, metrics });
    expect([...alarms.keys()].filter((name) => /^not/.test(name))).toEqual([]);
  });

  it('tell nobody without a topic', () => {
    expect(alarmNamed('Dead letters')).not.toHaveProperty('AlarmActions');
  });

  it('stand on the metrics of Powertools where these are sent', () => {
    const source = { kind: 'powertoolsMetrics', namespace: 'shop', service: 'orders' } as const;
    expect(alarmNamed('Dead letters', { source })).toMatchObject({
      Namespace: 'shop',
      MetricName: 'RecordsDeadLettered',
      Dimensions: [{ Name: 'service', Value: 'orders' }],
    });
  });

  it('take other thresholds, periods and runbooks, and can be switched off', () => {
    const options: Options = {
      runbook: 'https://example.com/runbook',
      settings: {
        offsetLag: { threshold: 50_000, evaluationPeriods: 6 },
        offsetLagGrowth: { datapointsToAlarm: 6 },
        throttles: 'off',
      },
    };
    expect(alarmNamed('Offset lag', options)).toMatchObject({
      Threshold: 50_000,
      EvaluationPeriods: 6,
      DatapointsToAlarm: 6,
      AlarmDescription: expect.stringContaining('https://example.com/runbook#offset-lag'),
    });
    expect(alarmNamed('Offset lag growth', options)).toMatchObject({ EvaluationPeriods: 6, DatapointsToAlarm: 6 });
    expect(synthesized(options).made.alarms.has('throttles')).toBe(false);
  });

  it.each<[string, Options, RegExp]>([
    ['a threshold of 0', { settings: { deadLetters: { threshold: 0 } } }, /settings\.deadLetters\.threshold: is 0/],
    ['half a period', { settings: { offsetLag: { evaluationPeriods: 1.5 } } }, /evaluationPeriods: is 1\.5/],
    ['more than a day', { settings: { offsetLag: { evaluationPeriods: 289 } } }, /evaluationPeriods: is 289/],
    ['4 of 3 periods', { settings: { throttles: { datapointsToAlarm: 4 } } }, /datapointsToAlarm: is 4/],
    [
      'a setting for an alarm that the consumer has no metrics for',
      { settings: { droppedRecords: { threshold: 2 } }, watched: { esmMetrics: [] } },
      /settings\.droppedRecords: needs the mapping's metrics 'EventCount'/,
    ],
    ['a name that is none', { settings: JSON.parse('{"lag":"off"}') }, /settings\.lag: is no alarm/],
  ])('refuse %s', (_name, options, message) => {
    expect(() => synthesized(options)).toThrow(message);
  });

  it('may be switched off where the consumer has no metrics for them', () => {
    expect(() => synthesized({ settings: { droppedRecords: 'off' }, watched: { esmMetrics: [] } })).not.toThrow();
  });
});
