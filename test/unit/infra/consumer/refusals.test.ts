import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DeadLetters, FailureDestination, type KafkaConsumerProps } from '../../../../infra/index.ts';
import { KafkaAuthentication } from '../../../../infra/source/kafka-authentication.ts';
import { KafkaSource } from '../../../../infra/source/kafka-source.ts';
import { IdempotencyTable } from '../../../../infra/table/idempotency-table.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { awsRules } from '../../esm/aws-rules.ts';
import { propsOf } from './props-of-settings.ts';
import { consumerIn, stage, warningsOf } from './staged-consumer.ts';

/** What the construct calls otherwise than AWS's settings. */
const ownNames: Readonly<Record<string, string>> = {
  batchingWindowMs: 'batchingWindow',
  maximumRecordAgeSeconds: 'maximumRecordAge',
  functionTimeoutSeconds: 'timeout',
  functionResponseTypes: 'reportBatchItemFailures',
  logLevel: 'mappingLogLevel',
  metrics: 'mappingMetrics',
};

/** The property and what is said of it, behind the path of the consumer. */
function refusalOf(
  stack: Stack,
  props: Partial<KafkaConsumerProps>,
): Record<'property' | 'message', string> | undefined {
  try {
    consumerIn(stack, props);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const path = '[Shop/Orders] ';
    expect(error.message.startsWith(path)).toBe(true);
    return { property: error.property, message: error.message.slice(path.length) };
  }
}

describe.each(awsRules)("AWS's verdict on $name", ({ settings, verdict, property = '' }) => {
  it(`is that it is ${verdict}, and so is the construct's`, () => {
    const stack = stage();
    const refusal = refusalOf(stack, propsOf(settings, stack));
    const named = ownNames[property] ?? property;
    expect(refusal?.property).toBe(verdict === 'refused' ? named : undefined);
    const warnings = warningsOf(stack).filter((warning) => warning.startsWith(`${named} `));
    if (verdict !== 'refused') expect(warnings.length > 0).toBe(verdict === 'warned');
  });
});

const far = (service: string): string => `arn:aws:${service}:us-east-1:123456789012:far`;

describe('a consumer that contradicts itself is refused:', () => {
  const provisionedPollers = { minimum: 1 };
  const refusals: readonly (readonly [string, Partial<KafkaConsumerProps>, RegExp])[] = [
    ['a lease over a third of the time-out', { lease: Duration.seconds(21) }, /^lease: .*third/],
    [
      'reports that the mapping does not take',
      { failureReporting: 'report' },
      /^failureReporting: .*ReportBatchItemFailures/s,
    ],
    [
      'attempts without a place for dead letters',
      { deadLetters: 'none', maxAttempts: 3 },
      /^maxAttempts: needs somewhere to put dead letters/,
    ],
    [
      'a handler file that does not exist',
      { entry: 'handlers/no-such.ts' },
      /^entry: is 'handlers\/no-such.ts', and there is no such file/,
    ],
    ['an empty namespace', { namespace: '' }, /^namespace: is ''; it is to be 1 to 100/m],
    [
      'a variable of the toolkit among the handler’s own',
      { environment: { KAFKA_ONCE_TABLE: 'other' } },
      /^environment\.KAFKA_ONCE_TABLE: is set by the property 'table'/,
    ],
    [
      'position mode with bisecting, limits and reports',
      {
        mode: 'position',
        provisionedPollers,
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: 2,
        maximumRecordAge: Duration.hours(1),
        reportBatchItemFailures: true,
        failureReporting: 'report',
      },
      /^maximumRetryAttempts: .*\nmaximumRecordAge: .*\nbisectBatchOnFunctionError: .*\nreportBatchItemFailures: .*\nfailureReporting: /s,
    ],
  ];

  const more: readonly (readonly [string, object, RegExp])[] = [
    ['no attempt at all', { maxAttempts: 0 }, /^maxAttempts: is 0; the handler takes whole numbers from 1 to 10000/],
    ['half an attempt', { maxAttempts: 1.5 }, /^maxAttempts: is 1\.5/],
    ['too little memory', { memorySize: 127 }, /^memorySize: is 127; AWS takes whole MB from 128 to 10240/],
    ['too much memory', { memorySize: 10_241 }, /^memorySize: is 10241; AWS takes whole MB from 128 to 10240/],
    ['broken memory', { memorySize: 512.5 }, /^memorySize: is 512.5; AWS takes whole MB/],
    ['more attempts than are counted', { maxAttempts: 10_001 }, /^maxAttempts: is 10001; .* from 1 to 10000/],
    ['a lease of 499 ms', { lease: Duration.millis(499) }, /^lease: is 499; .* from 500 to 900000 ms/],
    [
      'a mistyped variable',
      { environment: { KAFKA_ONCE_TABEL: 'x' } },
      /^environment\.KAFKA_ONCE_TABEL: is no variable/,
    ],
    [
      'less than no concurrency',
      { reservedConcurrentExecutions: -1 },
      /^reservedConcurrentExecutions: is -1; AWS takes/,
    ],
    ['a level that alarms do not see', { logLevel: 'WARN' }, /^logLevel: is 'WARN'; it is to be TRACE, DEBUG or INFO/],
    ['a retention that CloudWatch has not', { logRetentionDays: 31 }, /^logRetentionDays: is 31; .*30, 60, .*never/],
    ['a variable with a dash', { environment: { 'A-B': 'x' } }, /^environment\.A-B: is no name of a variable/],
    ['a mistyped property', { batchsize: 5 }, /^batchsize: is no property of KafkaConsumer; they are .*batchSize/],
    ['a mistyped kind of report', { failureReporting: 'reprot' }, /^failureReporting: is 'reprot'/],
    ['a mode that there is not', { mode: 'once' }, /^mode: is 'once'; .* 'claim', 'mark', 'transaction', 'position'/],
    ['a namespace of 101 characters', { namespace: 'n'.repeat(101) }, /^namespace: is 'n+'; it is to be 1 to 100/],
    ['filters that are none', { filters: [{ value: { kind: ['order'] } }] }, /^filters.*: /],
  ];

  it.each(more)('%s', (_name, props, message) => {
    expect(refusalOf(stage(), props)?.message).toMatch(message);
  });

  it.each<[string, Partial<KafkaConsumerProps>]>([
    ['the least memory', { memorySize: 128 }],
    ['the most memory', { memorySize: 10_240 }],
    ['one attempt', { maxAttempts: 1 }],
    ['the most attempts', { maxAttempts: 10_000 }],
    ['the shortest lease', { lease: Duration.millis(500) }],
    ['a lease of a third of the time-out', { lease: Duration.seconds(20) }],
    ['a namespace of 100 characters', { namespace: 'n'.repeat(100) }],
  ])('but not for %s', (_, props) => {
    expect(refusalOf(stage(), props)).toBeUndefined();
  });

  it('two consumers of a topic with one namespace and one table', () => {
    const stack = stage();
    const table = new IdempotencyTable(stack, 'Markers');
    const shared = { table, namespace: 'shop', alarms: 'none' } as const;
    consumerIn(stack, { ...shared, consumerGroupId: 'one' }, 'One');
    expect(() => consumerIn(stack, { ...shared, consumerGroupId: 'two' }, 'Two')).toThrow(
      /^\[Shop\/Two\] namespace: is 'shop', which Shop\/One has for topic 'orders' on the same table/,
    );
    expect(() => consumerIn(stack, { ...shared, topic: 'refunds', consumerGroupId: 'three' }, 'Three')).not.toThrow();
    expect(() => consumerIn(stack, { ...shared, namespace: 'billing', consumerGroupId: 'four' }, 'Four')).not.toThrow();
  });

  it.each(refusals)('%s', (_name, props, message) => {
    expect(refusalOf(stage(), props)?.message).toMatch(message);
  });

  it('a FIFO queue for dead letters', () => {
    const stack = stage();
    const queue = Queue.fromQueueArn(stack, 'Letters', 'arn:aws:sqs:eu-central-1:123456789012:letters.fifo');
    expect(refusalOf(stack, { deadLetters: { queue } })?.message).toMatch(/^deadLetters\.queue: is a FIFO queue/);
  });

  it.each([
    ['queue', 'sqs', 'arn:aws:sqs:eu-central-1:123456789012:letters'],
    ['bucket', 's3', 'arn:aws:s3:::letters'],
  ] as const)('failed batches in the %s of the dead letters', (what, kind, arn) => {
    const stack = stage();
    const queue = Queue.fromQueueArn(stack, 'Letters', 'arn:aws:sqs:eu-central-1:123456789012:letters');
    const bucket = Bucket.fromBucketArn(stack, 'Bucket', 'arn:aws:s3:::letters');
    const same = kind === 'sqs' ? Queue.fromQueueArn(stack, 'Failed', arn) : Bucket.fromBucketArn(stack, 'Failed', arn);
    const onFailure = 'queueArn' in same ? FailureDestination.sqs(same) : FailureDestination.s3(same);
    expect(refusalOf(stack, { deadLetters: { queue, bucket }, onFailure })).toMatchObject({
      property: 'onFailure',
      message: expect.stringContaining(`is the ${what} of the dead letters`),
    });
    expect(() =>
      consumerIn(stack, { deadLetters: { queue }, onFailure: FailureDestination.kafka('failed') }, 'Other'),
    ).toThrow(/provisioned/);
  });

  it('failed batches in a made queue of the dead letters', () => {
    const stack = stage();
    const deadLetters = new DeadLetters(stack, 'Letters');
    const refusal = refusalOf(stack, { deadLetters, onFailure: FailureDestination.sqs(deadLetters.queue) });
    expect(refusal?.property).toBe('onFailure');
    const failed = FailureDestination.s3(new Bucket(stack, 'Failed'));
    expect(() => consumerIn(stack, { deadLetters, onFailure: failed }, 'Other')).not.toThrow();
  });

  it.each<[string, (stack: Stack) => Partial<KafkaConsumerProps>]>([
    ['deadLetters.queue', (stack) => ({ deadLetters: { queue: Queue.fromQueueArn(stack, 'Far', far('sqs')) } })],
    [
      'deadLetters.bucket',
      (stack) => ({
        deadLetters: {
          queue: new Queue(stack, 'Near'),
          bucket: Bucket.fromBucketAttributes(stack, 'Far', { bucketName: 'letters', region: 'us-east-1' }),
        },
      }),
    ],
    ['onFailure', (stack) => ({ onFailure: FailureDestination.sqs(Queue.fromQueueArn(stack, 'Far', far('sqs'))) })],
    ['onFailure', (stack) => ({ onFailure: FailureDestination.sns(Topic.fromTopicArn(stack, 'Far', far('sns'))) })],
    ['alarms.topic', (stack) => ({ alarms: { topic: Topic.fromTopicArn(stack, 'Far', far('sns')) } })],
  ])('%s of another Region', (property, makeProps) => {
    const stack = stage();
    expect(refusalOf(stack, makeProps(stack))).toEqual({
      property,
      message: expect.stringContaining('is in us-east-1, and the stack is in eu-central-1'),
    });
    const anywhere = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Anywhere');
    expect(() => consumerIn(anywhere, makeProps(anywhere))).not.toThrow();
  });

  it('a queue that deletes letters early is warned of', () => {
    const stack = stage();
    consumerIn(stack, { deadLetters: { queue: new Queue(stack, 'Letters') } });
    expect(warningsOf(stack)).toContainEqual(expect.stringMatching(/^deadLetters keeps letters for 4 days/));
  });

  it('a table in another Region', () => {
    const app = new App({ builtinCloudFormationValidation: false });
    const elsewhere = new Stack(app, 'Elsewhere', { env: { region: 'us-east-1', account: '123456789012' } });
    const table = new IdempotencyTable(elsewhere, 'Markers', { tableName: 'markers' });
    expect(refusalOf(stage(), { table })?.message).toMatch(/^table: .*us-east-1.*eu-central-1/s);
  });

  it('a table in another Region that is imported by its ARN', () => {
    const stack = stage();
    const imported = (id: string, place: string) =>
      IdempotencyTable.fromTable(Table.fromTableArn(stack, id, `${place}:123456789012:table/markers`));
    const refusal = refusalOf(stack, { table: imported('Far', 'arn:aws:dynamodb:us-east-1') });
    expect(refusal?.message).toMatch(/^table: .*us-east-1.*eu-central-1/s);
    const near = imported('Near', `arn:${Aws.PARTITION}:dynamodb:eu-central-1`);
    expect(() => consumerIn(stack, { table: near }, 'NearOne')).not.toThrow();
    const anywhere = imported('Anywhere', `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}`);
    expect(() => consumerIn(stack, { table: anywhere }, 'AnyOne')).not.toThrow();
  });

  it.each(['orders', 'arn:aws:sqs:eu-central-1:123456789012:orders'])('the cluster ARN %s', (clusterArn) => {
    const authentication = KafkaAuthentication.iam();
    expect(() => KafkaSource.msk({ clusterArn, authentication })).toThrow(/^clusterArn: /);
  });

  it('every contradiction at once, each by its name', () => {
    const refusal = refusalOf(stage(), { batchSize: 0, timeout: Duration.minutes(15), reportBatchItemFailures: true });
    expect(refusal?.message).toMatch(/batchSize: .*\ntimeout: .*\nreportBatchItemFailures: /s);
  });
});
