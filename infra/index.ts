export type { MetricName } from '../lib/core/observe/metrics.ts';
export type { EsbuildOptions } from './consumer/bundling.ts';
export { KafkaConsumer } from './consumer/kafka-consumer.ts';
export type {
  ConsumerFunctionProps,
  ConsumerMappingProps,
  KafkaConsumerProps,
} from './consumer/kafka-consumer-props.ts';
export { DeadLetters, type DeadLettersProps, type DeadLetterTargets } from './dead-letters/dead-letters.ts';
export { FailureDestination, type FailureDestinationBinding } from './destination/failure-destination.ts';
export { refuseReplacements } from './guard/refuse-replacements.ts';
export {
  KafkaAuthentication,
  type MskAuthentication,
  type SelfManagedAuthentication,
} from './source/kafka-authentication.ts';
export { KafkaSource } from './source/kafka-source.ts';
export type { MskSourceProps } from './source/msk-source.ts';
export type { SelfManagedSourceProps } from './source/self-managed-source.ts';
export type { ClusterUse, SourceBinding } from './source/source-binding.ts';
export type { EffectTable } from './table/grant-effects.ts';
export { IdempotencyTable, type IdempotencyTableProps, type IIdempotencyTable } from './table/idempotency-table.ts';
export type { AlarmName } from './watch/alarm-row.ts';
export {
  type AlarmSetting,
  type AlarmSettings,
  ConsumerAlarms,
  type ConsumerAlarmsProps,
} from './watch/consumer-alarms.ts';
export { ConsumerDashboard, type ConsumerDashboardProps, type DashboardConsumer } from './watch/consumer-dashboard.ts';
export { ConsumerMetrics, type ConsumerMetricsOptions, type MetricSource } from './watch/consumer-metrics.ts';
export type { WatchedConsumer } from './watch/watched-consumer.ts';
