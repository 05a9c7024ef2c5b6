import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type AlarmName,
  ConsumerDashboard,
  type DashboardConsumer,
  FailureDestination,
  type KafkaConsumer,
  type KafkaConsumerProps,
} from '../../../../infra/index.ts';
import { consumerIn, only, stage, warningsOf } from '../consumer/staged-consumer.ts';

const alarmOf = z.object({
  AlarmName: z.string(),
  Threshold: z.number(),
  AlarmDescription: z.string(),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
  Metrics: z.array(z.object({ Id: z.string() }).loose()).default([]),
});

/** Whatever the mapping and the destinations are. */
const always: readonly AlarmName[] = [
  'offsetLag',
  'offsetLagGrowth',
  'notReading',
  'oldestUndoneAge',
  'deadLetters',
  'deadLetterFailures',
  'functionErrors',
  'throttles',
  'durationNearTimeout',
  'leaseTakeovers',
  'leasesLost',
  'fallbackKeys',
  'fingerprintMismatches',
  'storeFailures',
  'handlersUnsettled',
  'handledUnprotected',
];
const ofMappingMetrics: readonly AlarmName[] = ['notPolling', 'pollingErrors', 'droppedRecords'];

/** A consumer in a stack of its own, and the alarm resources of the template by the name in their logical ID. */
function watched(props: Partial<KafkaConsumerProps> = {}) {
  const stack = stage();
  const consumer = consumerIn(stack, props);
  const resources = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
  const found = Object.entries(resources).map(([logicalId, { Properties }]) => {
    const name = /^OrdersAlarms([A-Za-z]+?)[0-9A-F]{8}$/.exec(logicalId)?.[1] ?? logicalId;
    return [name, alarmOf.parse(Properties)] as const;
  });
  return { stack, consumer, alarms: new Map(found) };
}

function alarm({ alarms }: ReturnType<typeof watched>, name: AlarmName): z.infer<typeof alarmOf> {
  const found = alarms.get(name);
  if (found === undefined) throw new Error(`there is no alarm ${name}`);
  return found;
}

const sorted = (names: Iterable<string>): readonly string[] => [...names].sort();

describe('the alarms of a KafkaConsumer', () => {
  it.each<[string, Partial<KafkaConsumerProps>, readonly AlarmName[]]>([
    ['on demand', {}, [...always, 'deadLetterAge']],
    [
      'without a mapping, in provisioned mode before and after',
      { eventSourceMapping: 'none', provisionedPollers: { minimum: 1 } },
      [...always.filter((name) => name !== 'notReading'), 'deadLetterAge'],
    ],
    ['with provisioned pollers', { provisionedPollers: {} }, [...always, 'deadLetterAge', ...ofMappingMetrics]],
    [
      'with provisioned pollers and one group of metrics',
      { provisionedPollers: {}, mappingMetrics: ['ErrorCount'] },
      [...always, 'deadLetterAge', 'pollingErrors'],
    ],
    [
      'with a minimum of pollers and two groups of metrics',
      { provisionedPollers: { minimum: 1 }, mappingMetrics: ['EventCount', 'KafkaMetrics'] },
      [...always, 'deadLetterAge', 'notPolling', 'droppedRecords'],
    ],
    ['without dead letters', { deadLetters: 'none' }, always],
    [
      'with a destination of failed batches',
      {
        provisionedPollers: {},
        maximumRetryAttempts: 5,
        onFailure: FailureDestination.kafka('orders-failed'),
      },
      [...always, 'deadLetterAge', ...ofMappingMetrics, 'batchesGivenUp', 'destinationFailures'],
    ],
    [
      'whose mapping is not enabled',
      { enabled: false },
      [...always.filter((name) => name !== 'notReading'), 'deadLetterAge'],
    ],
    [
      'whose topic is never quiet',
      { alarms: { settings: { notInvoked: {} } } },
      [...always, 'deadLetterAge', 'notInvoked'],
    ],
  ])('%s are these and no others', (_name, props, expected) => {
    const made = watched(props);
    expect(sorted(made.alarms.keys())).toEqual(sorted(expected));
    expect(sorted(made.consumer.alarms?.alarms.keys() ?? [])).toEqual(sorted(expected));
  });

  it.each<[string, (stack: Stack) => Partial<KafkaConsumerProps>, number]>([
    ['without a topic', () => ({}), 1],
    ['with settings alone', () => ({ alarms: { settings: { throttles: 'off' } } }), 1],
    ['with a topic', (stack) => ({ alarms: { topic: new Topic(stack, 'OnCall') } }), 0],
    ['that are none', () => ({ alarms: 'none' }), 0],
  ])('%s tell nobody, which is warned of: %#', (_name, makeProps, count) => {
    const stack = stage();
    consumerIn(stack, makeProps(stack));
    const told = warningsOf(stack).filter((warning) => /alarms tell nobody: give alarms: \{ topic \}/.test(warning));
    expect(told).toHaveLength(count);
  });

  it('are none if they are not wanted', () => {
    const made = watched({ alarms: 'none' });
    expect(made.consumer.alarms).toBeUndefined();
    expect(made.alarms.size).toBe(0);
  });

  it.each([
    [undefined, 48_000],
    [Duration.minutes(2), 96_000],
  ])('measure durations against the time-out of the function (%s)', (timeout, threshold) => {
    const made = watched(timeout === undefined ? {} : { timeout });
    expect(alarm(made, 'durationNearTimeout')).toMatchObject({
      ...{ Namespace: 'AWS/Lambda', MetricName: 'Duration', ExtendedStatistic: 'p99', Threshold: threshold },
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^OrdersFunction/) } }],
    });
    expect(only(made.stack, 'AWS::Lambda::Function').Properties.Timeout).toBe(threshold / 800);
  });

  it('watch the age of letters in the queue of the consumer', () => {
    const queue = /^OrdersDeadLettersQueue/;
    const made = watched();
    expect(alarm(made, 'deadLetterAge')).toMatchObject({
      ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage' },
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(queue), 'QueueName'] } }],
    });
  });

  it('watch its mapping, its function and its own metrics', () => {
    const made = watched({ provisionedPollers: {} });
    expect(alarm(made, 'notPolling').Dimensions).toEqual([
      {
        Name: 'EventSourceMappingUUID',
        Value: { 'Fn::GetAtt': [expect.stringMatching(/^OrdersEventSourceMapping/), 'Id'] },
      },
    ]);
    const byFunction = [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^OrdersFunction/) } }];
    expect(alarm(made, 'offsetLag').Dimensions).toEqual(byFunction);
    expect(alarm(made, 'throttles').Dimensions).toEqual(byFunction);
    expect(alarm(made, 'leasesLost')).toMatchObject({
      AlarmName: `KafkaOnce ${made.consumer.namespace} Leases lost`,
      Namespace: `KafkaOnce/${made.consumer.namespace}`,
    });
    const filters = Object.values(Template.fromStack(made.stack).findResources('AWS::Logs::MetricFilter'));
    expect(filters.length).toBeGreaterThan(0);
    for (const { Properties } of filters) {
      expect(Properties.LogGroupName).toEqual({ Ref: expect.stringMatching(/^OrdersLogs/) });
    }
  });
});

describe('a ConsumerDashboard', () => {
  it('takes a KafkaConsumer as it is, with alarms or without', () => {
    expectTypeOf<KafkaConsumer>().toExtend<DashboardConsumer>();
    const stack = stage();
    const consumers = [consumerIn(stack), consumerIn(stack, { alarms: 'none' }, 'Returns')];
    new ConsumerDashboard(stack, 'Board', { consumers });
    const body = JSON.stringify(only(stack, 'AWS::CloudWatch::Dashboard').Properties);
    for (const { namespace } of consumers) expect(body).toContain(`# ${namespace}`);
    expect(body.split('"type\\":\\"alarm\\"').length - 1).toBe(1);
  });
});
