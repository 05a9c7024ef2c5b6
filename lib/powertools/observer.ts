import { logLineOf } from '../core/observe/log-line.ts';
import { type Measurement, type MetricUnit, measure, metricTable } from '../core/observe/metrics.ts';
import { countUndone } from '../core/observe/oldest-undone-age.ts';
import type { LogFields, LogLevel, Observation, Observer } from '../ports/observer.ts';

/** The part of a Powertools `Logger` that is used. */
export type PowertoolsLogger = Readonly<
  Record<LogLevel, (message: string, fields: Record<string, unknown>) => unknown>
>;

/** The part of a single Powertools `Metrics` instance that is used for a metric with a dimension. */
export interface PowertoolsSingleMetric {
  addDimension(name: string, value: string): unknown;
  addMetric(name: string, unit: MetricUnit, value: number): unknown;
}

/** The part of a Powertools `Metrics` that is used. */
export interface PowertoolsMetrics {
  addMetric(name: string, unit: MetricUnit, value: number): unknown;
  singleMetric(): PowertoolsSingleMetric;
  publishStoredMetrics(): unknown;
}

/** The part of a Powertools `Tracer` that is used. */
export interface PowertoolsTracer {
  putAnnotation(key: string, value: string | number | boolean): unknown;
}

export interface PowertoolsObserverOptions {
  /** Gets the log lines, with the toolkit's fixed list of fields. Its own level applies. */
  readonly logger?: PowertoolsLogger;
  /** Gets the metrics of the toolkit's fixed table; the only dimension is the bounded `reason` of a dead letter. */
  readonly metrics?: PowertoolsMetrics;
  /** Gets four annotations when an invocation ends: `kafkaOnceRecords`, `-Undone`, `-Duplicates`, `-DeadLettered`. */
  readonly tracer?: PowertoolsTracer;
  /**
   * Publishes the stored metrics, the user's own included, when an invocation ends; default false, for handlers that
   * leave it to `logMetrics` or publish themselves.
   */
  readonly publishMetrics?: boolean;
}

/**
 * An observer over the Powertools utilities that a function already has.
 *
 * A utility that is not given gets nothing: without `logger` there are no log lines. One that throws does not keep the
 * others from being told, nor changes an outcome.
 */
export function powertoolsObserver(options: PowertoolsObserverOptions): Observer {
  const { logger, metrics, tracer, publishMetrics = false } = options;

  function log(level: LogLevel, message: string, fields: LogFields): void {
    quietly(() => logger?.[level](message, { ...fields }));
  }

  return {
    observe(observation: Observation): void {
      const nowMs = Date.now();
      const { level, message, fields } = logLineOf(observation, nowMs);
      log(level, message, fields);
      if (metrics !== undefined) {
        for (const measurement of measure(observation, nowMs)) quietly(() => add(metrics, measurement));
      }
      if (observation.type !== 'invocationEnded') return;
      if (tracer !== undefined) annotate(tracer, observation);
      if (publishMetrics) quietly(() => metrics?.publishStoredMetrics());
    },
    log,
  };
}

function add(metrics: PowertoolsMetrics, { name, value, reason }: Measurement): void {
  const { unit, dimension } = metricTable[name];
  if (dimension === undefined || reason === undefined) {
    metrics.addMetric(name, unit, value);
    return;
  }
  // A dimension would apply to everything stored beside it, so this metric goes out alone.
  const single = metrics.singleMetric();
  single.addDimension(dimension, reason);
  single.addMetric(name, unit, value);
}

function annotate(tracer: PowertoolsTracer, ended: Extract<Observation, { type: 'invocationEnded' }>): void {
  const { outcomes } = ended;
  const annotations = {
    kafkaOnceRecords: Object.values(outcomes).reduce((sum, records) => sum + records, 0),
    kafkaOnceUndone: countUndone(outcomes),
    kafkaOnceDuplicates: outcomes.duplicate,
    kafkaOnceDeadLettered: outcomes.deadLettered,
  };
  for (const [key, value] of Object.entries(annotations)) quietly(() => tracer.putAnnotation(key, value));
}

function quietly(tell: () => unknown): void {
  try {
    tell();
  } catch {
    // What happened to a record does not depend on whether it could be told.
  }
}
