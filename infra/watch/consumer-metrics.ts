import { Metric, type MetricOptions, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { refuseProblems } from '../../lib/core/esm/refuse-problems.ts';
import { type MetricName, type MetricUnit, metricTable } from '../../lib/core/observe/metrics.ts';
import { logFilterOf } from './log-filters.ts';
import { namespaceProblems } from './namespace-problems.ts';
import type { WatchedConsumer } from './watched-consumer.ts';
import { watchedName } from './watched-name.ts';

/**
 * Where the toolkit's metrics come from.
 *
 * - `consoleObserver`: metric filters on what the handler's default observer writes in Lambda's JSON log format.
 * - `powertoolsLogger`: metric filters on what `powertoolsObserver({ logger })` writes.
 * - `powertoolsMetrics`: no filters; `powertoolsObserver({ metrics })` sends them, under this namespace and service.
 */
export type MetricSource =
  | { readonly kind: 'consoleObserver' }
  | { readonly kind: 'powertoolsLogger' }
  | { readonly kind: 'powertoolsMetrics'; readonly namespace: string; readonly service: string };

/** `source`: default `{ kind: 'consoleObserver' }`, which needs no code in the handler. */
export interface ConsumerMetricsOptions {
  readonly source?: MetricSource;
}

/**
 * The metrics of a consumer: the toolkit's own, Lambda's, those of its event source mapping and of its dead-letter queue.
 *
 * A metric filter is made when its metric is first asked for, once. Filters cost nothing; each metric costs as a custom one
 * for the hours in which it has a value. The toolkit's stand under the namespace `KafkaOnce/<name of the consumer>`.
 *
 * @throws ConfigurationError for a namespace that CloudWatch refuses in the name of a metric.
 */
export class ConsumerMetrics {
  readonly watched: WatchedConsumer;
  /** What stands before a field's name in a query of CloudWatch Logs Insights: `message.`, or nothing. */
  readonly queryPrefix: 'message.' | '';
  readonly #scope: Construct;
  readonly #source: MetricSource;
  readonly #filtered = new Set<MetricName>();

  constructor(scope: Construct, watched: WatchedConsumer, options: ConsumerMetricsOptions = {}) {
    this.watched = watched;
    this.#source = options.source ?? { kind: 'consoleObserver' };
    this.queryPrefix = this.#source.kind === 'consoleObserver' ? 'message.' : '';
    this.#scope = new Construct(scope, 'Metrics');
    refuseProblems(namespaceProblems(watchedName(watched)));
  }

  /**
   * A metric of `metricTable`. Default: the sum over 5 minutes; of ages and durations the maximum.
   *
   * From Powertools Metrics `DeadLetters` goes out by reason only: name it in `dimensionsMap`, or ask for
   * `RecordsDeadLettered`.
   *
   * @throws ConfigurationError for `HandlerDuration`, unless the metrics come from Powertools Metrics.
   */
  metric(name: MetricName, props: MetricOptions = {}): Metric {
    const { unit } = metricTable[name];
    return new Metric({
      metricName: name,
      statistic: unit === 'Count' ? Stats.SUM : Stats.MAXIMUM,
      period: defaultPeriod,
      ...props,
      ...this.#identity(name, props.dimensionsMap),
    });
  }

  /** Records given up on, whatever the reason. */
  metricDeadLetters(props?: MetricOptions): Metric {
    return this.metric(this.#source.kind === 'powertoolsMetrics' ? 'RecordsDeadLettered' : 'DeadLetters', props);
  }

  /**
   * Records of the topic that the consumer group has not processed, as Lambda counts them for the function. Always sent.
   * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#performance-metrics
   */
  metricOffsetLag(props?: MetricOptions): Metric {
    return this.metricFunction('OffsetLag', { statistic: Stats.MAXIMUM, ...props });
  }

  /** A metric that Lambda has of the function, by its name. Default: the sum over 5 minutes. */
  metricFunction(name: string, props?: MetricOptions): Metric {
    return this.watched.function.metric(name, { statistic: Stats.SUM, period: defaultPeriod, ...props });
  }

  /**
   * A metric that Lambda has of the event source mapping. Default: the sum over 5 minutes. Its group must be switched on.
   *
   * The mapping's UUID is the only dimension.
   * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics and
   * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
   */
  metricMapping(name: string, props: MetricOptions = {}): Metric {
    const { mapping } = this.watched;
    if (mapping === undefined) throw new ConfigurationError(name, 'is a metric of a mapping, and there is none');
    return new Metric({
      statistic: Stats.SUM,
      period: defaultPeriod,
      ...props,
      namespace: 'AWS/Lambda',
      metricName: name,
      dimensionsMap: { EventSourceMappingUUID: mapping.attrId },
    });
  }

  #identity(
    name: MetricName,
    dimensions: MetricOptions['dimensionsMap'],
  ): Pick<Metric, 'namespace'> & Pick<MetricOptions, 'dimensionsMap'> {
    const source = this.#source;
    if (source.kind === 'powertoolsMetrics') {
      return { namespace: source.namespace, dimensionsMap: { service: source.service, ...dimensions } };
    }
    this.#filter(name, source.kind === 'consoleObserver' ? '$.message' : '$');
    return { namespace: metricNamespace(this.watched) };
  }

  #filter(name: MetricName, root: '$.message' | '$'): void {
    if (this.#filtered.has(name)) return;
    const filter = logFilterOf(name, root);
    if (filter === undefined) {
      throw new ConfigurationError(
        name,
        "cannot be made of log lines: only what failed has one; send it with powertoolsObserver({ metrics }) and source 'powertoolsMetrics'",
      );
    }
    new MetricFilter(this.#scope, name, {
      logGroup: this.watched.logGroup,
      filterPattern: filter.pattern,
      metricNamespace: metricNamespace(this.watched),
      metricName: name,
      metricValue: filter.value,
      unit: units[metricTable[name].unit],
    });
    this.#filtered.add(name);
  }
}

const defaultPeriod = Duration.minutes(5);

const units: Readonly<Record<MetricUnit, Unit>> = {
  Count: Unit.COUNT,
  Milliseconds: Unit.MILLISECONDS,
  Seconds: Unit.SECONDS,
};

function metricNamespace(watched: WatchedConsumer): string {
  return `KafkaOnce/${watchedName(watched)}`;
}
