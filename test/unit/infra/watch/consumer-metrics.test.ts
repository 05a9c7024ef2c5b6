import { Logger } from '@aws-lambda-powertools/logger';
import { Token } from 'aws-cdk-lib/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConsumerMetrics, type MetricSource } from '../../../../infra/watch/consumer-metrics.ts';
import { type MetricName, measure, metricTable } from '../../../../lib/core/observe/metrics.ts';
import { consoleObserver } from '../../../../lib/handler/observe/console-observer.ts';
import type { Observation } from '../../../../lib/ports/observer.ts';
import { powertoolsObserver } from '../../../../lib/powertools/index.ts';
import { lambdaJsonConsole } from '../../observe/lambda-json-console.ts';
import { observations, secret, undoneInvocation } from '../../observe/observations.ts';
import { matches, metricValue } from './filter-pattern.ts';
import { logical, watchedStack } from './watched-stack.ts';

const nowMs = Date.UTC(2026, 0, 1, 0, 1);

/** Every kind of observation, and an invocation in which some is not done. */
const told: readonly Observation[] = [
  ...observations,
  { type: 'invocationStarted', records: 15, units: 3 },
  undoneInvocation,
];

function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metricTable, name);
}
const filterable = Object.keys(metricTable)
  .filter(isMetricName)
  .filter((name) => name !== 'HandlerDuration');

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The filters of the template: name of the metric to pattern, value, namespace and unit. */
function filters(source?: MetricSource) {
  const { stack, watched, template } = watchedStack();
  const metrics = new ConsumerMetrics(stack, watched, source === undefined ? {} : { source });
  for (const name of filterable) metrics.metric(name);
  return Object.values(template().findResources('AWS::Logs::MetricFilter')).map(({ Properties: filter }) => {
    const [transformation, ...others] = filter.MetricTransformations;
    expect(others).toEqual([]);
    expect(filter.LogGroupName).toEqual({ Ref: logical.logs });
    return {
      name: String(transformation.MetricName),
      namespace: String(transformation.MetricNamespace),
      unit: String(transformation.Unit),
      pattern: String(filter.FilterPattern),
      value: String(transformation.MetricValue),
    };
  });
}

/** All that each filter would send of these lines. */
function filtered(made: ReturnType<typeof filters>, lines: readonly string[]): Record<string, number> {
  const sent: Record<string, number> = {};
  for (const { name, pattern, value } of made) {
    for (const line of lines) {
      if (matches(pattern, line)) sent[name] = (sent[name] ?? 0) + metricValue(value, line);
    }
  }
  return sent;
}

/** All that the metric table makes of the observations. */
function measured(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const observation of told) {
    for (const { name, value } of measure(observation, nowMs)) {
      if (name !== 'HandlerDuration') sums[name] = (sums[name] ?? 0) + value;
    }
  }
  return sums;
}

describe('metric filters', () => {
  it.each(['DEBUG', 'INFO'])(
    'make of the lines of consoleObserver what the metric table says, at level %s',
    (level) => {
      const lines = lambdaJsonConsole();
      const env = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: level };
      const observer = consoleObserver({ env, clock: { nowMs: () => nowMs } });
      for (const observation of told) observer.observe(observation);
      expect(filtered(filters(), lines)).toEqual(measured());
    },
  );

  it('make the same of what the Logger of Powertools writes', () => {
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.useFakeTimers({ now: nowMs });
    const lines: string[] = [];
    for (const method of ['debug', 'info', 'warn', 'error', 'log'] as const) {
      vi.spyOn(console, method).mockImplementation((text: unknown) => void lines.push(String(text)));
    }
    const observer = powertoolsObserver({ logger: new Logger({ logLevel: 'INFO' }) });
    for (const observation of told) observer.observe(observation);
    vi.useRealTimers();
    expect(filtered(filters({ kind: 'powertoolsLogger' }), lines)).toEqual(measured());
  });

  it('are not deceived by what a handler logs, nor by lines of others', () => {
    const lines = lambdaJsonConsole();
    const observer = consoleObserver({ env: { AWS_LAMBDA_LOG_FORMAT: 'JSON' } });
    observer.log('warn', 'leaseLost', { topicPartition: 'orders-3', offset: 41, leaseLost: secret, undone: 7 });
    console.warn('{"observation":"leaseLost"}');
    const others = ['START RequestId: 1', '{"type":"platform.report","record":{"metrics":{"durationMs":1}}}'];
    expect(filtered(filters(), [...lines, ...others])).toEqual({});
  });

  it('send each metric under its name and unit, in the namespace of the consumer', () => {
    const made = filters();
    expect(made.map(({ name }) => name).sort()).toEqual([...filterable].sort());
    for (const { name, namespace, unit } of made) {
      expect(namespace).toBe('KafkaOnce/orders');
      expect(isMetricName(name) && metricTable[name].unit, name).toBe(unit);
    }
  });

  it('are made when a metric is first asked for, and once', () => {
    const { stack, watched, template } = watchedStack();
    const metrics = new ConsumerMetrics(stack, watched);
    metrics.metric('LeasesLost');
    metrics.metric('LeasesLost', { statistic: 'Maximum' });
    template().resourceCountIs('AWS::Logs::MetricFilter', 1);
  });
});

describe('ConsumerMetrics', () => {
  it('sums up counts, and takes the highest of ages and durations, over 5 minutes', () => {
    const { stack, watched } = watchedStack();
    const metrics = new ConsumerMetrics(stack, watched);
    const read = ({ namespace, metricName, statistic, period }: ReturnType<typeof metrics.metric>) =>
      [namespace, metricName, statistic, period.toSeconds()] as const;
    expect(read(metrics.metric('RecordsFailed'))).toEqual(['KafkaOnce/orders', 'RecordsFailed', 'Sum', 300]);
    expect(read(metrics.metric('OldestUndoneAge'))[2]).toBe('Maximum');
    expect(read(metrics.metric('RecordsFailed', { statistic: 'Maximum' }))[2]).toBe('Maximum');
    expect(metrics.metric('RecordsFailed').dimensions).toBeUndefined();
    expect(read(metrics.metricOffsetLag())).toEqual(['AWS/Lambda', 'OffsetLag', 'Maximum', 300]);
    expect(read(metrics.metricFunction('Errors'))).toEqual(['AWS/Lambda', 'Errors', 'Sum', 300]);
    expect(read(metrics.metricMapping('PolledEventCount'))).toEqual(['AWS/Lambda', 'PolledEventCount', 'Sum', 300]);
    expect(metrics.metricOffsetLag().dimensions).toEqual({ FunctionName: watched.function.functionName });
    expect(metrics.metricDeadLetters().metricName).toBe('DeadLetters');
  });

  it('takes the metrics of Powertools by their namespace and service, and makes no filters', () => {
    const { stack, watched, template } = watchedStack();
    const source = { kind: 'powertoolsMetrics', namespace: 'shop', service: 'orders' } as const;
    const metrics = new ConsumerMetrics(stack, watched, { source });
    const { namespace, metricName, dimensions } = metrics.metric('HandlerDuration');
    expect([namespace, metricName, dimensions]).toEqual(['shop', 'HandlerDuration', { service: 'orders' }]);
    expect(metrics.metricDeadLetters().metricName).toBe('RecordsDeadLettered');
    const held = metrics.metric('DeadLetters', { dimensionsMap: { reason: 'keyHeld' } });
    expect(held.dimensions).toEqual({ reason: 'keyHeld', service: 'orders' });
    template().resourceCountIs('AWS::Logs::MetricFilter', 0);
  });

  it('refuses a metric that log lines would distort', () => {
    const { stack, watched } = watchedStack();
    expect(() => new ConsumerMetrics(stack, watched).metric('HandlerDuration')).toThrow(/powertoolsMetrics/);
  });

  it.each<[string, MetricSource]>([
    ['ordérs', { kind: 'consoleObserver' }],
    ['orders of today', { kind: 'powertoolsLogger' }],
    ['orders!', { kind: 'powertoolsMetrics', namespace: 'shop', service: 'orders' }],
    ['', { kind: 'consoleObserver' }],
    ['o'.repeat(101), { kind: 'consoleObserver' }],
  ])("refuses the namespace '%s'", (namespace, source) => {
    const { stack, watched } = watchedStack({ namespace });
    expect(() => new ConsumerMetrics(stack, watched, { source })).toThrow(`namespace: is '${namespace}'; it is to be`);
  });

  it.each(['Shop.orders_v2/eu-1:a#b', 'o'.repeat(100), Token.asString({ Ref: 'Namespace' })])(
    "takes the namespace '%s'",
    (namespace) => {
      const { stack, watched } = watchedStack({ namespace });
      expect(new ConsumerMetrics(stack, watched).watched.namespace).toBe(namespace);
    },
  );
});
