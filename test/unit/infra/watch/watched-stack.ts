import { Template } from 'aws-cdk-lib/assertions';
import { CfnEventSourceMapping, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import type { WatchedConsumer } from '../../../../infra/watch/watched-consumer.ts';

const allGroups: readonly string[] = ['EventCount', 'ErrorCount', 'KafkaMetrics'];

/** Logical IDs of the fixture's resources, as CDK makes them of its construct IDs. */
export const logical: Readonly<Record<'function' | 'mapping' | 'queue' | 'logs', string>> = {
  function: 'Fn9270CBC0',
  mapping: 'Mapping',
  queue: 'LettersDC1467AC',
  logs: 'Logs6819BB44',
};

/** A stack with a consumer to watch: everything switched on, a time-out of a minute. */
export function watchedStack(changes: Partial<WatchedConsumer> = {}): {
  readonly stack: Stack;
  readonly watched: WatchedConsumer;
  readonly template: () => Template;
} {
  const stack = new Stack(new App(), 'Orders');
  const logGroup = new LogGroup(stack, 'Logs');
  const made = new LambdaFunction(stack, 'Fn', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    logGroup,
  });
  const mapping = new CfnEventSourceMapping(stack, 'Mapping', {
    functionName: made.functionName,
    destinationConfig: { onFailure: { destination: 'arn:aws:s3:::failed-batches' } },
  });
  return {
    stack,
    watched: {
      function: made,
      logGroup,
      mapping,
      deadLetterQueue: new Queue(stack, 'Letters'),
      namespace: 'orders',
      topic: 'orders',
      consumerGroupId: 'billing',
      functionTimeout: Duration.minutes(1),
      hasProvisionedPollers: true,
      esmMetrics: allGroups,
      ...changes,
    },
    template: () => Template.fromStack(stack),
  };
}
