export type { MetricDefinition, MetricName, MetricUnit } from '../core/observe/metrics.ts';
export { metricTable } from '../core/observe/metrics.ts';
export type {
  PowertoolsLogger,
  PowertoolsMetrics,
  PowertoolsObserverOptions,
  PowertoolsSingleMetric,
  PowertoolsTracer,
} from './observer.ts';
export { powertoolsObserver } from './observer.ts';
export type { CurrentClaim } from './persistence-layer.ts';
export { KafkaOncePersistenceLayer } from './persistence-layer.ts';
export type { KafkaOncePersistenceLayerOptions } from './persistence-layer-options.ts';
