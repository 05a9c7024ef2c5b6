import { Template } from 'aws-cdk-lib/assertions';
import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { FailureDestination, type KafkaConsumerProps } from '../../../../infra/index.ts';
import { modes } from '../../../../lib/handler/options/mode-rules.ts';
import { statementsOf } from '../source/statements.ts';
import { consumerIn, environmentOf, stage } from './staged-consumer.ts';

const provisionedPollers = {};

describe('a consumer in a mode', () => {
  it.each(modes)('%s: the function is told of it, and may put items in a transaction if it makes any', (mode) => {
    const stack = stage();
    expect(consumerIn(stack, { mode }).mode).toBe(mode);
    expect(environmentOf(stack)).toMatchObject({ KAFKA_ONCE_MODE: mode });
    const onTables = statementsOf(Template.fromStack(stack)).filter(({ actions }) =>
      /^dynamodb:/.test(actions[0] ?? ''),
    );
    expect(onTables).toEqual([
      {
        actions: [
          'dynamodb:BatchGetItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:PartiQLDelete',
          'dynamodb:PartiQLInsert',
          'dynamodb:PartiQLUpdate',
          ...(mode === 'transaction' || mode === 'position' ? ['dynamodb:PutItem'] : []),
        ],
        resources: [expect.stringMatching(/^<OrdersIdempotencyTable.*\.Arn>$/)],
      },
    ]);
  });

  it.each(['claim', 'mark', 'transaction'] as const)('%s may have what position mode may not', (mode) => {
    const stack = stage();
    consumerIn(stack, {
      ...{ mode, provisionedPollers, maximumRetryAttempts: 3, maximumRecordAge: Duration.hours(1) },
      ...{ reportBatchItemFailures: true, failureReporting: 'report' },
      onFailure: FailureDestination.s3(new Bucket(stack, 'Failed')),
    });
    expect(environmentOf(stack)).toMatchObject({ KAFKA_ONCE_REPORT_TOPICS: 'orders' });
  });
});

describe('a consumer in position mode', () => {
  const position = { mode: 'position' } as const;

  it('is told of no topic to report, and has a mapping without limits', () => {
    const stack = stage();
    consumerIn(stack, { ...position, provisionedPollers, lease: Duration.seconds(10), maxAttempts: 3 });
    expect(environmentOf(stack)).not.toHaveProperty('KAFKA_ONCE_REPORT_TOPICS');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  it.each<[string, (stack: Stack) => Partial<KafkaConsumerProps>]>([
    ['maximumRetryAttempts', () => ({ maximumRetryAttempts: 3 })],
    ['maximumRecordAge', () => ({ maximumRecordAge: Duration.hours(1) })],
    ['bisectBatchOnFunctionError', () => ({ bisectBatchOnFunctionError: true })],
    ['reportBatchItemFailures', () => ({ reportBatchItemFailures: true })],
    ['onFailure', (stack) => ({ onFailure: FailureDestination.s3(new Bucket(stack, 'Failed')) })],
  ])('is refused with %s, also where there is no mapping yet', (property, propsIn) => {
    for (const eventSourceMapping of ['create', 'none'] as const) {
      const stack = stage();
      const props = { ...position, provisionedPollers, eventSourceMapping, ...propsIn(stack) };
      expect(() => consumerIn(stack, props)).toThrow(
        new RegExp(`^\\[Shop/Orders\\] ${property}: contradicts mode 'position'[^\\n]*$`),
      );
    }
  });

  it("is refused with failureReporting 'report', which is told with the mapping's part", () => {
    const props = {
      ...position,
      provisionedPollers,
      reportBatchItemFailures: true,
      failureReporting: 'report',
    } as const;
    expect(() => consumerIn(stage(), props)).toThrow(
      /^\[Shop\/Orders\] reportBatchItemFailures: .*\nfailureReporting: contradicts mode 'position'/,
    );
  });

  it.each<[string, (stack: Stack) => Partial<CfnEventSourceMapping>]>([
    ['maximumRetryAttempts', () => ({ maximumRetryAttempts: 3 })],
    ['maximumRecordAge', () => ({ maximumRecordAgeInSeconds: 3600 })],
    ['bisectBatchOnFunctionError', () => ({ bisectBatchOnFunctionError: true })],
    ['reportBatchItemFailures', () => ({ functionResponseTypes: ['ReportBatchItemFailures'] })],
    ['onFailure', () => ({ destinationConfig: { onFailure: { destination: 'kafka://failed' } } })],
    [
      'onFailure',
      (stack) => ({ destinationConfig: { onFailure: { destination: new Queue(stack, 'Failed').queueArn } } }),
    ],
  ])('is refused with %s that was set on the resource', (property, changeIn) => {
    const stack = stage();
    const { mapping } = consumerIn(stack, { ...position, provisionedPollers });
    Object.assign(mapping ?? {}, changeIn(stack));
    expect(() => Template.fromStack(stack)).toThrow(new RegExp(`${property} contradicts mode 'position'`));
  });
});
