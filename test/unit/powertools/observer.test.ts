import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { logFieldNames } from '../../../lib/core/observe/log-line.ts';
import { metricTable } from '../../../lib/core/observe/metrics.ts';
import { powertoolsObserver } from '../../../lib/powertools/index.ts';
import { observations, secret, undoneInvocation } from '../observe/observations.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Everything that Powertools writes, as JSON. */
function captureOutput(): Record<string, unknown>[] {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  const written: Record<string, unknown>[] = [];
  for (const method of ['debug', 'info', 'warn', 'error', 'log'] as const) {
    vi.spyOn(console, method).mockImplementation((text: unknown) => {
      const parsed: unknown = JSON.parse(String(text));
      written.push(typeof parsed === 'object' ? { ...parsed } : {});
    });
  }
  return written;
}

describe('powertoolsObserver', () => {
  it('logs with the real Logger: listed fields only, nothing of a record', () => {
    const written = captureOutput();
    const observer = powertoolsObserver({ logger: new Logger({ logLevel: 'DEBUG', serviceName: 'orders' }) });
    for (const observation of observations) observer.observe(observation);
    expect(written).toHaveLength(observations.length);
    const own = ['level', 'message', 'timestamp', 'service', 'sampling_rate'];
    for (const line of written) {
      expect([...own, ...logFieldNames]).toEqual(expect.arrayContaining(Object.keys(line)));
      expect(JSON.stringify(line)).not.toContain(secret);
    }
    expect(written[2]).toMatchObject({ level: 'WARN', topic: 'orders', partition: 3, offset: 41, outcome: 'failed' });
  });

  it('hands on what a handler logs', () => {
    const written = captureOutput();
    const observer = powertoolsObserver({ logger: new Logger() });
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    observer.log('info', 'charged', { amount: 3n, cyclic });
    expect(written[0]).toMatchObject({ level: 'INFO', message: 'charged', amount: '3' });
  });

  it('publishes every metric of the table with the real Metrics, dimensions of dead letters included', () => {
    const written = captureOutput();
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    const metrics = new Metrics({ namespace: 'kafka-once', serviceName: 'orders' });
    const observer = powertoolsObserver({ metrics, publishMetrics: true });
    for (const observation of observations) observer.observe(observation);
    observer.observe(undoneInvocation);

    const names = new Set<string>();
    const dimensions = new Set<string>();
    for (const blob of written) {
      for (const directive of emfDirectives(blob)) {
        for (const { Name, Unit } of directive.Metrics) {
          names.add(Name);
          expect(Object.entries(metricTable).find(([name]) => name === Name)?.[1].unit).toBe(Unit);
        }
        for (const name of directive.Dimensions.flat()) dimensions.add(name);
      }
    }
    expect([...names].sort()).toEqual(Object.keys(metricTable).sort());
    expect([...dimensions].sort()).toEqual(['reason', 'service']);
    expect(metrics.hasStoredMetrics()).toBe(false);
    expect(written.at(-1)).toMatchObject({ RecordsUndone: 7, RecordsHandled: 5 });
  });

  it('leaves publishing to the user unless asked', () => {
    captureOutput();
    const metrics = new Metrics({ namespace: 'kafka-once' });
    powertoolsObserver({ metrics }).observe(undoneInvocation);
    expect(metrics.hasStoredMetrics()).toBe(true);
    metrics.clearMetrics();
  });

  it('annotates the trace of an invocation with the real Tracer', () => {
    // Outside of Lambda the Tracer turns itself off.
    vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
    const tracer = new Tracer({ enabled: true, captureHTTPsRequests: false });
    const annotate = vi.spyOn(tracer.provider, 'putAnnotation').mockReturnValue();
    const observer = powertoolsObserver({ tracer });
    for (const observation of observations) observer.observe(observation);
    expect(annotate.mock.calls).toEqual([
      ['kafkaOnceRecords', 8],
      ['kafkaOnceUndone', 0],
      ['kafkaOnceDuplicates', 2],
      ['kafkaOnceDeadLettered', 1],
    ]);
  });

  it('does not let a utility that throws keep the others from being told', () => {
    const broken = () => {
      throw new Error('broken');
    };
    const addMetric = vi.fn();
    const observer = powertoolsObserver({
      logger: { debug: broken, info: broken, warn: broken, error: broken },
      metrics: { addMetric, singleMetric: broken, publishStoredMetrics: broken },
      tracer: { putAnnotation: broken },
      publishMetrics: true,
    });
    for (const observation of observations) expect(() => observer.observe(observation)).not.toThrow();
    expect(addMetric).toHaveBeenCalled();
    expect(() => powertoolsObserver({}).observe(undoneInvocation)).not.toThrow();
  });
});

interface EmfDirective {
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

function emfDirectives(blob: Record<string, unknown>): readonly EmfDirective[] {
  const aws = blob._aws;
  return isEmf(aws) ? aws.CloudWatchMetrics : [];
}

function isEmf(value: unknown): value is { readonly CloudWatchMetrics: readonly EmfDirective[] } {
  return typeof value === 'object' && value !== null && 'CloudWatchMetrics' in value;
}
