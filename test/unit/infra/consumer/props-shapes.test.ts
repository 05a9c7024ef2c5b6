import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnParameter, Duration, Lazy, type Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { KafkaConsumer, KafkaSource } from '../../../../infra/index.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { consumerIn, environmentOf, mappingOf, only, stage } from './staged-consumer.ts';

const number = (stack: Stack): number => new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
const text = (stack: Stack): string => new CfnParameter(stack, 'Text').valueAsString;

/** The error of a consumer whose properties are made by no type-checked caller. */
function refusal(makeProps: (stack: Stack) => object): ConfigurationError {
  const stack = stage();
  const props = makeProps(stack);
  try {
    consumerIn(stack, props);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a value that only the deployment knows is refused by its name:', () => {
  it.each<[string, (stack: Stack) => object]>([
    ['batchSize', (stack) => ({ batchSize: number(stack) })],
    ['batchingWindow', (stack) => ({ batchingWindow: Duration.seconds(number(stack)) })],
    ['maximumRetryAttempts', (stack) => ({ provisionedPollers: {}, maximumRetryAttempts: number(stack) })],
    ['maximumRecordAge', (stack) => ({ provisionedPollers: {}, maximumRecordAge: Duration.hours(number(stack)) })],
    ['timeout', (stack) => ({ timeout: Duration.seconds(number(stack)) })],
    ['lease', (stack) => ({ lease: Duration.seconds(number(stack)) })],
    ['maxAttempts', (stack) => ({ maxAttempts: number(stack) })],
    ['memorySize', (stack) => ({ memorySize: number(stack) })],
    ['topic', (stack) => ({ topic: text(stack) })],
    ['topic', (stack) => ({ topic: `orders-${text(stack)}` })],
    ['namespace', (stack) => ({ namespace: text(stack) })],
    ['consumerGroupId', (stack) => ({ consumerGroupId: text(stack) })],
    ['handler', (stack) => ({ handler: text(stack) })],
    ['startingPosition.atTimestampMs', (stack) => ({ startingPosition: { atTimestampMs: number(stack) } })],
    ['provisionedPollers.minimum', (stack) => ({ provisionedPollers: { minimum: number(stack) } })],
    ['provisionedPollers.groupName', (stack) => ({ provisionedPollers: { groupName: text(stack) } })],
    ['provisionedPollers', () => ({ provisionedPollers: Lazy.any({ produce: () => ({ minimum: 1 }) }) })],
    ['mappingMetrics', () => ({ provisionedPollers: {}, mappingMetrics: Lazy.list({ produce: () => [] }) })],
  ])('%s', (property, makeProps) => {
    const { message } = refusal(makeProps);
    expect(message).toContain(`${property}: is known to the deployment only`);
    expect(message).toContain('must be known at synth');
    expect(message).not.toContain('e+');
  });
});

describe('a duration that is no whole number of what AWS takes is refused by its name:', () => {
  it.each<[string, object]>([
    ['timeout', { timeout: Duration.millis(1500) }],
    ['batchingWindow', { batchingWindow: Duration.millis(1500) }],
    ['maximumRecordAge', { provisionedPollers: {}, maximumRecordAge: Duration.millis(61_500) }],
  ])('%s', (property, props) => {
    expect(refusal(() => props)).toMatchObject({ property, message: expect.stringContaining('whole seconds') });
  });
});

describe('a caller that is not type-checked is told', () => {
  it.each<[string, string, (stack: Stack) => object, RegExp]>([
    ['no source', 'source', () => ({ source: undefined }), /is missing; give KafkaSource\.msk\(/],
    [
      'a source that is none',
      'source',
      () => ({ source: { clusterArn: 'x' } }),
      /is no source; give KafkaSource\.msk\(/,
    ],
    ['no topic', 'topic', () => ({ topic: undefined }), /is missing; give the name of the topic/],
    ['a list of topics', 'topic', () => ({ topic: ['a', 'b'] }), /is no text; give the name of the topic/],
    ['no entry', 'entry', () => ({ entry: undefined }), /is missing; give the file that exports the handler/],
    [
      'a number for a duration',
      'timeout',
      () => ({ timeout: 60 }),
      /is 60; give a Duration, .*Duration\.seconds\(60\)/,
    ],
    ['a text for a duration', 'lease', () => ({ lease: '10s' }), /is 10s; give a Duration/],
    ['the name of a table', 'table', () => ({ table: 'markers' }), /IdempotencyTable\.fromTableName/],
    [
      "a table of CDK's",
      'table',
      (stack) => ({ table: Table.fromTableName(stack, 'Table', 'markers') }),
      /IdempotencyTable\.fromTable\(/,
    ],
    ['the ARN of a queue', 'deadLetters', () => ({ deadLetters: 'arn:aws:sqs:x' }), /new DeadLetters\(.*'none'/],
    ['dead letters without a queue', 'deadLetters', () => ({ deadLetters: { bucket: {} } }), /new DeadLetters\(/],
    ['the name of a bucket', 'deadLetters.bucket', (stack) => ({ deadLetters: badBucket(stack) }), /give a bucket/],
    ['the ARN of a destination', 'onFailure', () => ({ onFailure: 'arn:aws:sqs:x' }), /FailureDestination\.sqs\(/],
    ['one filter', 'filters', () => ({ filters: { pattern: '{}' } }), /give a list/],
    ['a topic for alarms', 'alarms', () => ({ alarms: 'arn:aws:sns:x' }), /\{ topic \}.*'none'/],
    ['a number in the environment', 'environment.PORT', () => ({ environment: { PORT: 80 } }), /is no text/],
    ['another word for the mapping', 'eventSourceMapping', () => ({ eventSourceMapping: false }), /'create' or 'none'/],
    ['a word for a switch', 'enabled', () => ({ enabled: 'no' }), /true or false/],
    ['a word for reports', 'reportBatchItemFailures', () => ({ reportBatchItemFailures: 'yes' }), /true or false/],
  ])('%s', (_what, property, makeProps, message) => {
    expect(refusal(makeProps)).toMatchObject({ property, message: expect.stringMatching(message) });
  });

  it('everything that is missing at once', () => {
    const nothing = {};
    expect(() => Reflect.construct(KafkaConsumer, [stage(), 'Orders', nothing])).toThrow(
      /source: .*\n.*topic: .*\n.*entry: /,
    );
    expect(() => Reflect.construct(KafkaConsumer, [stage(), 'Orders'])).toThrow(/source: is missing/);
  });
});

describe('a source that is made by a caller that is not type-checked', () => {
  it.each<['msk' | 'selfManaged', object, RegExp]>([
    ['msk', {}, /^authentication: is missing; give KafkaAuthentication: iam\(\)/],
    ['msk', { authentication: 'iam' }, /^authentication: is missing/],
    ['msk', { authentication: { kind: 'iam' } }, /^clusterArn: is 'undefined'; expected is/],
    ['selfManaged', {}, /^authentication: is missing; .*none\(\)/],
    ['selfManaged', { authentication: { kind: 'none' } }, /^bootstrapServers: is no list/],
    ['selfManaged', { authentication: { kind: 'none' }, bootstrapServers: 'a:9092' }, /^bootstrapServers: is no list/],
  ])('%s is told what is wrong with %j', (kind, props, message) => {
    expect(() => Reflect.apply(KafkaSource[kind], KafkaSource, [props])).toThrow(message);
  });
});

describe('what only the deployment knows may be', () => {
  it('the values of the environment, and whatever AWS can judge', () => {
    const stack = stage();
    consumerIn(stack, { environment: { STAGE: text(stack) }, reservedConcurrentExecutions: number(stack) });
    expect(environmentOf(stack)).toMatchObject({ STAGE: { Ref: 'Text' } });
    expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
      ReservedConcurrentExecutions: { Ref: 'Number' },
    });
  });
});

describe('an invalid namespace', () => {
  it('is told once, and not as a group that nobody set', () => {
    const { message } = refusal(() => ({ namespace: 'my shop' }));
    expect(message).toContain("namespace: is 'my shop'");
    expect(message).not.toContain('consumerGroupId');
  });

  it('leaves a group that is set to be checked', () => {
    expect(refusal(() => ({ namespace: 'my shop', consumerGroupId: 'my group' })).message).toMatch(
      /consumerGroupId: is my group.*\n.*namespace: is 'my shop'/s,
    );
  });

  it('is none where only the group takes fewer characters', () => {
    expect(refusal(() => ({ namespace: 'shop#eu' })).message).toContain('consumerGroupId: is shop#eu');
    expect(mappingOf({ namespace: 'shop#eu', consumerGroupId: 'shop-eu' })).toMatchObject({
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'shop-eu' },
    });
  });
});

function badBucket(stack: Stack): object {
  const { deadLetters } = consumerIn(stack, {}, 'Other');
  return { queue: deadLetters?.queue, bucket: 'letters' };
}
