import { type Duration, Token } from 'aws-cdk-lib/core';
import type { ConsumerSettings, Unchecked } from '../../lib/core/esm/consumer-rules.ts';
import { namespaceProblems } from '../watch/namespace-problems.ts';
import type { KafkaConsumerProps } from './kafka-consumer-props.ts';

/** What a consumer has where its properties are silent, or leave it to others. */
export interface ConsumerDefaults {
  readonly namespace: string;
  readonly timeout: Duration;
  readonly batchSize: number;
  readonly region: string;
  readonly tableRegion: string;
}

/** A consumer's properties, whose kinds were checked, as the rules know them; a Region that only the deployment knows is left out. */
export function consumerSettings(props: KafkaConsumerProps, defaults: ConsumerDefaults): Unchecked<ConsumerSettings> {
  return {
    mode: props.mode ?? 'claim',
    failureReporting: props.failureReporting ?? 'throw',
    topic: props.topic,
    consumerGroupId: props.consumerGroupId ?? groupOf(defaults.namespace),
    batchSize: defaults.batchSize,
    batchingWindowMs: props.batchingWindow?.toMilliseconds(asTheyAre),
    maximumRetryAttempts: props.maximumRetryAttempts,
    maximumRecordAgeSeconds: props.maximumRecordAge?.toSeconds(asTheyAre),
    bisectBatchOnFunctionError: props.bisectBatchOnFunctionError,
    functionResponseTypes: props.reportBatchItemFailures === true ? ['ReportBatchItemFailures'] : undefined,
    functionTimeoutSeconds: defaults.timeout.toSeconds(asTheyAre),
    startingPosition: props.startingPosition,
    provisionedPollers: props.provisionedPollers,
    onFailure: props.onFailure?.bind().setting,
    filters: props.filters?.map(({ pattern }) => (typeof pattern === 'string' ? pattern : '')),
    schemaRegistry: props.schemaRegistry === undefined ? undefined : true,
    logLevel: props.mappingLogLevel,
    metrics: props.mappingMetrics,
    leaseMs: props.lease?.toMilliseconds(asTheyAre),
    region: known(defaults.region),
    tableRegion: known(defaults.tableRegion),
  };
}

/** Broken numbers are left to the rules, which name the property. */
const asTheyAre = { integral: false } as const;

/** One that is invalid is told as a namespace, and not as a group that nobody set. */
function groupOf(namespace: string): string | undefined {
  return namespaceProblems(namespace).length === 0 ? namespace : undefined;
}

function known<T>(value: T): T | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}
