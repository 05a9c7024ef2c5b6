import { Template } from 'aws-cdk-lib/assertions';
import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Fn, Lazy, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { FailureDestination, type KafkaConsumerProps } from '../../../../infra/index.ts';
import { consumerIn, stage, warningsOf } from './staged-consumer.ts';

const group = (consumerGroupId: string, more: object = {}) => ({
  amazonManagedKafkaEventSourceConfig: { consumerGroupId, ...more },
});
const to = (destination: string) => ({ destinationConfig: { onFailure: { destination } } });
const needsPollers = 'needs provisioned mode';

/** The consumer's mapping in a stack, with `change` set on its resource. */
function changed(stack: Stack, change: Partial<CfnEventSourceMapping>, props: Partial<KafkaConsumerProps> = {}): void {
  const { mapping } = consumerIn(stack, props);
  if (mapping === undefined) throw new Error('there is no mapping');
  Object.assign(mapping, change);
}

/** Raw properties that AWS refuses, or takes and ignores, on a mapping of MSK without pollers, and what is said of them. */
const refused: readonly (readonly [change: Partial<CfnEventSourceMapping>, message: string])[] = [
  [{ topics: ['.orders'] }, 'topic is .orders; '],
  [{ topics: ['orders', 'refunds'] }, 'Topics: is '],
  [{ batchSize: 10_001 }, 'batchSize is 10001; '],
  [{ maximumBatchingWindowInSeconds: 301 }, 'batchingWindow is 301000; '],
  [{ maximumRetryAttempts: 5 }, `maximumRetryAttempts ${needsPollers}`],
  [{ maximumRetryAttempts: 0 }, `maximumRetryAttempts ${needsPollers}`],
  [{ maximumRecordAgeInSeconds: 60 }, `maximumRecordAge ${needsPollers}`],
  [{ bisectBatchOnFunctionError: true }, `bisectBatchOnFunctionError ${needsPollers}`],
  [{ functionResponseTypes: ['ReportBatchItemFailures'] }, `reportBatchItemFailures ${needsPollers}`],
  [{ startingPosition: 'EARLIEST' }, 'StartingPosition: is '],
  [{ startingPosition: 'AT_TIMESTAMP' }, 'StartingPositionTimestamp: is '],
  [{ startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: 1 }, 'startingPosition is '],
  [{ provisionedPollerConfig: { minimumPollers: 0 } }, 'provisionedPollers.minimum is 0; '],
  [{ filterCriteria: { filters: [{ pattern: '{"key":["a"]}' }] } }, 'filters[0] is on key, '],
  [{ loggingConfig: { systemLogLevel: 'WARN' } }, `mappingLogLevel ${needsPollers}`],
  [{ metricsConfig: { metrics: ['EventCount'] } }, `mappingMetrics ${needsPollers}`],
  [group('my group'), 'consumerGroupId is my group'],
  [group('shop', { schemaRegistryConfig: {} }), `schemaRegistry ${needsPollers}`],
  [
    {
      amazonManagedKafkaEventSourceConfig: undefined,
      selfManagedKafkaEventSourceConfig: { consumerGroupId: 'my group' },
    },
    'consumerGroupId is my group',
  ],
  [to('kafka://orders-failed'), `onFailure ${needsPollers}`],
  [to('kafka://orders'), 'onFailure.topic is orders, the topic that the mapping reads'],
  [to('arn:aws:sqs:eu-central-1:123456789012:failed.fifo'), 'onFailure is a FIFO queue'],
  [to('arn:aws:sns:eu-central-1:123456789012:failed.fifo'), 'onFailure is a FIFO topic'],
  [to('arn:aws:lambda:eu-central-1:123456789012:function:f'), 'DestinationConfig: is '],
  [{ parallelizationFactor: 2 }, 'ParallelizationFactor: is no property of a mapping for Kafka'],
  [{ queues: ['orders'] }, 'Queues: is no property of a mapping for Kafka'],
  [{ scalingConfig: { maximumConcurrency: 2 } }, 'ScalingConfig: is no property of a mapping for Kafka'],
  [{ tumblingWindowInSeconds: 30 }, 'TumblingWindowInSeconds: is no property of a mapping for Kafka'],
  [
    { documentDbEventSourceConfig: { databaseName: 'orders' } },
    'DocumentDbEventSourceConfig: is no property of a mapping for Kafka',
  ],
];

describe('what is set on the resource of a mapping is held to its rules at synth:', () => {
  it.each(refused)('%j', (change, message) => {
    const stack = stage();
    changed(stack, change);
    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  it.each<[string, (stack: Stack) => string, string]>([
    ['a FIFO queue', (stack) => new Queue(stack, 'Failed', { fifo: true }).queueArn, 'onFailure is a FIFO queue'],
    ['a FIFO SNS topic', (stack) => new Topic(stack, 'Failed', { fifo: true }).topicArn, 'onFailure is a FIFO topic'],
    [
      'a FIFO queue that was imported',
      (stack) => Queue.fromQueueArn(stack, 'Failed', `arn:aws:sqs:${stack.region}:${stack.account}:f.fifo`).queueArn,
      'onFailure is a FIFO queue',
    ],
    ['what is made late', () => Lazy.string({ produce: () => 'kafka://orders' }), 'onFailure.topic is orders, '],
  ])('%s of the app as the place of failed batches', (_, destination, message) => {
    const stack = stage();
    changed(stack, to(destination(stack)));
    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  it('pollers that are taken away from under a Kafka topic for failed batches', () => {
    const stack = stage();
    changed(
      stack,
      { provisionedPollerConfig: undefined, metricsConfig: undefined },
      { provisionedPollers: {}, onFailure: FailureDestination.kafka('orders-failed') },
    );
    expect(() => Template.fromStack(stack)).toThrow(`onFailure ${needsPollers}`);
  });

  it('but not to what another stack calls by the same ID', () => {
    const stack = stage();
    const queue = new Queue(stack, 'Failed');
    const other = new Queue(new Stack(stack, 'Inner'), 'Failed', { fifo: true });
    const reference = ({ stack: of, queueArn }: Queue): unknown => of.resolve(queueArn);
    expect(reference(queue)).toEqual(reference(other));
    changed(stack, to(queue.queueArn));
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  it('and what only the deployment knows is not', () => {
    const destinations: readonly ((stack: Stack) => string)[] = [
      () => Fn.importValue('failed'),
      (stack) => Bucket.fromBucketName(stack, 'Failed', 'failed-batches').bucketArn,
      (stack) => {
        const { account, region } = stack;
        return new Queue(new Stack(App.of(stack), 'Elsewhere', { env: { account, region } }), 'Failed').queueArn;
      },
    ];
    for (const destination of destinations) {
      const stack = stage();
      const props = { provisionedPollers: {}, maximumRetryAttempts: 3, onFailure: FailureDestination.kafka('failed') };
      changed(stack, to(destination(stack)), props);
      expect(() => Template.fromStack(stack)).not.toThrow();
      expect(warningsOf(stack).filter((warning) => /loses records/.test(warning))).toEqual([]);
    }
  });
});

const pollers = { provisionedPollerConfig: { minimumPollers: 1 } };
const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:failed';

/** Raw properties by which records are lost, and the first words of each warning. */
const warned: readonly (readonly [change: Partial<CfnEventSourceMapping>, warnings: readonly string[]])[] = [
  [
    { ...pollers, maximumRetryAttempts: 5 },
    ['maximumRetryAttempts loses records: after 5 retries Lambda gives up on whole batches'],
  ],
  [
    { ...pollers, maximumRecordAgeInSeconds: 60 },
    ['maximumRecordAge loses records: after 60 s Lambda gives up on whole batches'],
  ],
  [to(queueArn), ['onFailure loses records: an on-failure destination turns endless retries into ten']],
  [
    { ...pollers, bisectBatchOnFunctionError: true, functionResponseTypes: ['ReportBatchItemFailures'] },
    ['bisectBatchOnFunctionError '],
  ],
  [{ ...pollers, maximumRetryAttempts: 5, ...to('arn:aws:s3:::failed') }, []],
  [{ ...pollers, maximumRetryAttempts: 5, ...to('kafka://orders-failed') }, []],
  [pollers, []],
];

describe('what is set on the resource of a mapping and loses records is warned of at synth:', () => {
  const told = (stack: Stack): readonly string[] =>
    warningsOf(stack).filter((warning) => !/^(alarms tell nobody|deadLetters )/.test(warning));

  it.each(warned)('%j', (change, expected) => {
    const stack = stage();
    changed(stack, change);
    expect(told(stack)).toEqual([]);
    Template.fromStack(stack);
    expect(told(stack)).toEqual(expected.map((words) => expect.stringContaining(words)));
  });

  it('but what the properties say is warned of once', () => {
    const stack = stage();
    changed(stack, {}, { provisionedPollers: {}, maximumRetryAttempts: 3 });
    const before = told(stack);
    expect(before).toEqual([expect.stringContaining('maximumRetryAttempts loses records: after 3 retries')]);
    Template.fromStack(stack);
    expect(told(stack)).toEqual(before);
  });

  it('and of a limit under the queue of another stack, as the properties say it', () => {
    const stack = stage();
    const { account, region } = stack;
    const queue = new Queue(new Stack(App.of(stack), 'Elsewhere', { env: { account, region } }), 'Failed');
    const onFailure = FailureDestination.sqs(queue);
    changed(stack, { maximumRetryAttempts: 5 }, { provisionedPollers: {}, onFailure });
    Template.fromStack(stack);
    expect(told(stack)).toContainEqual(
      expect.stringMatching(
        /^maximumRetryAttempts loses records: after 5 retries .* tells the queue their offsets only/,
      ),
    );
  });

  it('and so is a destination of the properties that is taken away', () => {
    const stack = stage();
    const onFailure = FailureDestination.s3(new Bucket(stack, 'Failed'));
    changed(stack, { destinationConfig: undefined }, { provisionedPollers: {}, maximumRetryAttempts: 3, onFailure });
    Template.fromStack(stack);
    expect(told(stack)).toEqual([expect.stringContaining('after 3 retries Lambda gives up')]);
  });
});
