import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ConsumerDashboard, IdempotencyTable, type KafkaSource } from '../../../../infra/index.ts';
import { LocalstackSource } from '../../../../infra/stacks/localstack-source.ts';
import { consumerIn, only, stage } from './staged-consumer.ts';

/** Fits a stack of any account and Region. */
const sourceOfAny = (): KafkaSource => new LocalstackSource();

const account = '123456789012';
const region = 'eu-central-1';

/** Stacks of one app. */
function stacks(...envs: readonly (object | undefined)[]): readonly [Stack, Stack] {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false });
  const [first, second] = envs.map((env, index) => new Stack(app, `Shop${index}`, env === undefined ? {} : { env }));
  if (first === undefined || second === undefined) throw new Error('two stacks are needed');
  return [first, second];
}

/** Everything that has to have a name of its own in an account and Region. */
function names(stack: Stack): readonly string[] {
  const template = Template.fromStack(stack);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  const filters = Object.values(template.findResources('AWS::Logs::MetricFilter'));
  return [
    ...alarms.map(({ Properties }) => String(Properties.AlarmName)),
    ...filters.map(({ Properties }) => {
      const { MetricNamespace, MetricName } = Properties.MetricTransformations[0];
      return `${MetricNamespace} ${MetricName}`;
    }),
  ];
}

describe('consumers of two topics with one namespace', () => {
  const shared = (stack: Stack) => ({ namespace: 'shop', table: new IdempotencyTable(stack, 'Markers') });

  it('share neither the name of an alarm nor a metric: these are called after the construct', () => {
    const stack = stage();
    const props = shared(stack);
    const orders = consumerIn(stack, { ...props, consumerGroupId: 'orders' });
    const refunds = consumerIn(stack, { ...props, topic: 'refunds', consumerGroupId: 'refunds' }, 'Refunds');
    new ConsumerDashboard(stack, 'Board', { consumers: [orders, refunds] });
    const all = names(stack);
    expect(all.length).toBeGreaterThan(40);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain('KafkaOnce Shop-Orders-A8B1F509 Leases lost');
    const board = JSON.stringify(only(stack, 'AWS::CloudWatch::Dashboard').Properties);
    expect(board).toContain('# Shop-Orders-A8B1F509');
    expect(board).toContain('# Shop-Refunds-');
  });

  it('in two stacks neither', () => {
    const [one, two] = stacks({ account, region }, { account, region });
    consumerIn(one, { ...shared(one), consumerGroupId: 'one' });
    consumerIn(two, { ...shared(two), consumerGroupId: 'two' });
    expect(names(one).filter((name) => names(two).includes(name))).toEqual([]);
  });

  it('are told to take a group each, because both would have the namespace as theirs', () => {
    const stack = stage();
    const props = shared(stack);
    consumerIn(stack, props);
    expect(() => consumerIn(stack, { ...props, topic: 'refunds' }, 'Refunds')).toThrow(
      /consumerGroupId: is 'shop' \(the namespace\), which Shop\/Orders has: .*Give each its own/,
    );
  });
});

describe('one consumer group for two consumers', () => {
  it('is refused, also on another topic', () => {
    const stack = stage();
    consumerIn(stack, { consumerGroupId: 'billing' });
    for (const topic of ['orders', 'refunds']) {
      expect(() => consumerIn(stack, { topic, consumerGroupId: 'billing' }, `Second-${topic}`)).toThrow(
        /consumerGroupId: is 'billing', which Shop\/Orders has: AWS wants/,
      );
    }
    expect(() => consumerIn(stack, { consumerGroupId: 'audit' }, 'Audit')).not.toThrow();
  });

  it.each([
    ['one stack and Region', { account, region }, { account, region }],
    ['stacks for any account', undefined, undefined],
    ['a stack for any account', undefined, { account, region }],
  ])('is refused in %s', (_where, first, second) => {
    const [one, two] = stacks(first, second);
    consumerIn(one, { consumerGroupId: 'billing', source: sourceOfAny() });
    expect(() => consumerIn(two, { consumerGroupId: 'billing', source: sourceOfAny() })).toThrow(/consumerGroupId: /);
  });

  it.each([
    ['Regions', { account, region: 'eu-west-1' }],
    ['accounts', { account: '999999999999', region }],
  ])('is taken in two %s', (_what, elsewhere) => {
    const [one, two] = stacks({ account, region }, elsewhere);
    consumerIn(one, { consumerGroupId: 'billing' });
    expect(() => consumerIn(two, { consumerGroupId: 'billing', source: sourceOfAny() })).not.toThrow();
  });

  it('is taken where there is no mapping', () => {
    const stack = stage();
    consumerIn(stack, { consumerGroupId: 'billing' });
    expect(() => consumerIn(stack, { consumerGroupId: 'billing', eventSourceMapping: 'none' }, 'Local')).not.toThrow();
  });
});

describe('one namespace and one topic on tables of one name', () => {
  it('are two in two Regions', () => {
    const [one, two] = stacks({ account, region }, { account, region: 'eu-west-1' });
    const props = (stack: Stack) => ({
      namespace: 'shop',
      table: IdempotencyTable.fromTableName(stack, 'Markers', 'markers'),
      source: sourceOfAny(),
    });
    consumerIn(one, props(one));
    expect(() => consumerIn(two, props(two))).not.toThrow();
  });
});
