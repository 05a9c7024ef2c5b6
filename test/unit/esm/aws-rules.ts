import type { ConsumerSettings } from '../../../lib/core/esm/consumer-rules.ts';

/**
 * What AWS does with the settings of a mapping: refuses them (or takes and ignores them), takes them and loses records by
 * them or leaves open what they do (warned), or does as it is told (accepted).
 */
export interface AwsRule {
  readonly name: string;
  readonly settings: Partial<ConsumerSettings>;
  readonly verdict: 'refused' | 'warned' | 'accepted';
  /** What is named as wrong. */
  readonly property?: string;
  /** Page of AWS's documentation, or what else says so. */
  readonly source: string;
}

const guide = 'https://docs.aws.amazon.com/lambda/latest/dg';
const api = 'https://docs.aws.amazon.com/lambda/latest/api';
const create = `${api}/API_CreateEventSourceMapping.html`;
const retries = `${guide}/kafka-retry-configurations.html`;
const onFailure = `${guide}/kafka-on-failure.html`;
const kafkaDestination = `${guide}/kafka-on-failure-destination.html`;
const filtering = `${guide}/invocation-eventfiltering.html`;
const pollers = `${api}/API_ProvisionedPollerConfig.html`;
const group = `${api}/API_AmazonManagedKafkaEventSourceConfig.html`;
const logging = `${guide}/esm-logging.html`;
const registry = `${guide}/services-consume-kafka-events.html`;
const timeout = `${guide}/with-msk.html`;
const metrics = 'https://github.com/aws/aws-cdk/pull/36808 and the README of aws-cdk-lib/aws-lambda-event-sources';

const accepted = (name: string, settings: Partial<ConsumerSettings>, source: string): AwsRule => ({
  name,
  settings,
  verdict: 'accepted',
  source,
});
const refused = (name: string, property: string, settings: Partial<ConsumerSettings>, source: string): AwsRule => ({
  name,
  settings,
  verdict: 'refused',
  property,
  source,
});
const warned = (name: string, property: string, settings: Partial<ConsumerSettings>, source: string): AwsRule => ({
  name,
  settings,
  verdict: 'warned',
  property,
  source,
});

const provisionedPollers = { minimum: 1 };
const bucket = { kind: 's3' } as const;
const pattern = '{"value":{"status":["paid"]}}';

/** A pattern of so many characters. */
const filterOf = (characters: number): string => `{"value":["${'v'.repeat(characters - '{"value":[""]}'.length)}"]}`;

/** Written by hand from the pages, not from the module that is tested with it. */
export const awsRules: readonly AwsRule[] = [
  accepted('nothing set', {}, create),

  accepted('the smallest batch', { batchSize: 1 }, create),
  accepted('the largest batch', { batchSize: 10_000 }, create),
  refused('a batch of no record', 'batchSize', { batchSize: 0 }, create),
  refused('a batch over 10 000', 'batchSize', { batchSize: 10_001 }, create),
  refused('a broken batch size', 'batchSize', { batchSize: 1.5 }, create),
  accepted('no batching window', { batchingWindowMs: 0 }, create),
  accepted('the default window', { batchingWindowMs: 500 }, create),
  accepted('the longest window', { batchingWindowMs: 300_000 }, create),
  refused('a window of half a second more', 'batchingWindowMs', { batchingWindowMs: 1_500 }, create),
  refused('a window over 300 s', 'batchingWindowMs', { batchingWindowMs: 301_000 }, create),
  accepted('the start of the topic', { startingPosition: 'TRIM_HORIZON' }, create),
  accepted('the end of the topic', { startingPosition: 'LATEST' }, create),
  accepted('a time', { startingPosition: { atTimestampMs: 1_790_000_000_000 } }, create),
  refused('a time in seconds', 'startingPosition', { startingPosition: { atTimestampMs: 1_790_000_000 } }, create),
  accepted('a function of 14 minutes', { functionTimeoutSeconds: 840 }, timeout),
  refused('a function over 14 minutes', 'functionTimeoutSeconds', { functionTimeoutSeconds: 841 }, timeout),

  accepted('a topic of two characters', { topic: 'to' }, create),
  accepted('a topic of 249 characters', { topic: 't'.repeat(249) }, create),
  accepted('a topic with every kind of character', { topic: 'Orders_v2.eu-1' }, create),
  refused('a topic of 250 characters', 'topic', { topic: 't'.repeat(250) }, create),
  refused('a topic that begins with a dot', 'topic', { topic: '.orders' }, create),
  refused('a topic with a slash', 'topic', { topic: 'orders/eu' }, create),
  refused('a topic of one character', 'topic', { topic: 't' }, create),
  accepted('a group with every kind of character', { consumerGroupId: 'aZ9-/*:_+=.@' }, group),
  accepted('a group of 200 characters', { consumerGroupId: 'g'.repeat(200) }, group),
  refused('a group of 201 characters', 'consumerGroupId', { consumerGroupId: 'g'.repeat(201) }, group),
  refused('a group with a space', 'consumerGroupId', { consumerGroupId: 'my group' }, group),

  accepted('one poller', { provisionedPollers: { minimum: 1, maximum: 1 } }, pollers),
  accepted('the most pollers', { provisionedPollers: { minimum: 200, maximum: 2000, groupName: 'a-Z_9' } }, pollers),
  refused('no poller', 'provisionedPollers.minimum', { provisionedPollers: { minimum: 0 } }, pollers),
  refused('over 200 at least', 'provisionedPollers.minimum', { provisionedPollers: { minimum: 201 } }, pollers),
  refused('no poller at most', 'provisionedPollers.maximum', { provisionedPollers: { maximum: 0 } }, pollers),
  refused('over 2000 at most', 'provisionedPollers.maximum', { provisionedPollers: { maximum: 2001 } }, pollers),
  refused(
    'more at least than at most',
    'provisionedPollers.minimum',
    { provisionedPollers: { minimum: 3, maximum: 2 } },
    pollers,
  ),
  accepted(
    'a poller group of 128 characters',
    { provisionedPollers: { minimum: 1, groupName: 'p'.repeat(128) } },
    pollers,
  ),
  refused(
    'a poller group of 129 characters',
    'provisionedPollers.groupName',
    { provisionedPollers: { minimum: 1, groupName: 'p'.repeat(129) } },
    pollers,
  ),
  refused(
    'a poller group without a character',
    'provisionedPollers.groupName',
    { provisionedPollers: { minimum: 1, groupName: '' } },
    pollers,
  ),
  refused(
    'a poller group with a space',
    'provisionedPollers.groupName',
    { provisionedPollers: { minimum: 1, groupName: 'my group' } },
    pollers,
  ),

  accepted('endless retries, said', { maximumRetryAttempts: -1 }, retries),
  refused('a retry limit on demand', 'maximumRetryAttempts', { maximumRetryAttempts: 3 }, retries),
  refused('no retry on demand', 'maximumRetryAttempts', { maximumRetryAttempts: 0 }, retries),
  refused('retries below -1', 'maximumRetryAttempts', { provisionedPollers, maximumRetryAttempts: -2 }, create),
  refused('over 10 000 retries', 'maximumRetryAttempts', { provisionedPollers, maximumRetryAttempts: 10_001 }, create),
  accepted('no age limit, said', { maximumRecordAgeSeconds: -1 }, retries),
  accepted(
    'a retry limit of 10 000 with a bucket',
    { provisionedPollers, maximumRetryAttempts: 10_000, onFailure: bucket },
    create,
  ),
  accepted(
    'an age of a minute with a bucket',
    { provisionedPollers, maximumRecordAgeSeconds: 60, onFailure: bucket },
    retries,
  ),
  accepted(
    'an age of a week with a bucket',
    { provisionedPollers, maximumRecordAgeSeconds: 604_800, onFailure: bucket },
    retries,
  ),
  refused('an age limit on demand', 'maximumRecordAgeSeconds', { maximumRecordAgeSeconds: 60 }, retries),
  refused(
    'an age under a minute',
    'maximumRecordAgeSeconds',
    { provisionedPollers, onFailure: bucket, maximumRecordAgeSeconds: 59 },
    retries,
  ),
  refused(
    'an age over a week',
    'maximumRecordAgeSeconds',
    { provisionedPollers, onFailure: bucket, maximumRecordAgeSeconds: 604_801 },
    retries,
  ),
  accepted('no bisecting, said', { bisectBatchOnFunctionError: false }, retries),
  refused('bisecting on demand', 'bisectBatchOnFunctionError', { bisectBatchOnFunctionError: true }, retries),
  accepted('bisecting', { provisionedPollers, bisectBatchOnFunctionError: true }, retries),
  accepted('no partial responses, said', { functionResponseTypes: [] }, retries),
  refused(
    'partial responses on demand',
    'functionResponseTypes',
    { functionResponseTypes: ['ReportBatchItemFailures'] },
    retries,
  ),
  accepted('partial responses', { provisionedPollers, functionResponseTypes: ['ReportBatchItemFailures'] }, retries),
  warned(
    'bisecting with partial responses',
    'bisectBatchOnFunctionError',
    { provisionedPollers, bisectBatchOnFunctionError: true, functionResponseTypes: ['ReportBatchItemFailures'] },
    `${retries}, which does not say what they do together`,
  ),

  warned(
    'a retry limit without a destination',
    'maximumRetryAttempts',
    { provisionedPollers, maximumRetryAttempts: 10_000 },
    retries,
  ),
  warned(
    'an age limit without a destination',
    'maximumRecordAgeSeconds',
    { provisionedPollers, maximumRecordAgeSeconds: 604_800 },
    retries,
  ),
  warned(
    'a retry limit with a queue, which is told offsets only',
    'maximumRetryAttempts',
    { provisionedPollers, maximumRetryAttempts: 0, onFailure: { kind: 'sqs' } },
    onFailure,
  ),
  warned(
    'an age limit with an SNS topic, which is told offsets only',
    'maximumRecordAgeSeconds',
    { provisionedPollers, maximumRecordAgeSeconds: 60, onFailure: { kind: 'sns' } },
    onFailure,
  ),
  accepted(
    'a retry limit with a bucket, which keeps the records',
    { provisionedPollers, maximumRetryAttempts: 3, onFailure: bucket },
    onFailure,
  ),
  accepted(
    'an age limit with a Kafka topic, which keeps the records',
    { provisionedPollers, maximumRecordAgeSeconds: 60, onFailure: { kind: 'kafka', topic: 'orders-failed' } },
    kafkaDestination,
  ),
  warned('a queue alone: endless retries are ten then', 'onFailure', { onFailure: { kind: 'sqs' } }, retries),
  warned('an SNS topic alone: endless retries are ten then', 'onFailure', { onFailure: { kind: 'sns' } }, retries),
  accepted('a bucket on demand', { onFailure: bucket }, onFailure),
  refused('a FIFO queue', 'onFailure', { onFailure: { kind: 'sqs', fifo: true } }, onFailure),
  refused('a FIFO SNS topic', 'onFailure', { onFailure: { kind: 'sns', fifo: true } }, onFailure),
  refused(
    'a Kafka topic for failed batches on demand',
    'onFailure',
    { onFailure: { kind: 'kafka', topic: 'orders-failed' } },
    kafkaDestination,
  ),
  refused(
    'failed batches back to the topic that is read',
    'onFailure.topic',
    { topic: 'orders', provisionedPollers, onFailure: { kind: 'kafka', topic: 'orders' } },
    kafkaDestination,
  ),
  accepted(
    'a Kafka topic of 249 characters for failed batches',
    { provisionedPollers, onFailure: { kind: 'kafka', topic: 't'.repeat(249) } },
    `${api}/API_OnFailure.html`,
  ),
  refused(
    'a Kafka topic of 250 characters for failed batches',
    'onFailure.topic',
    { provisionedPollers, onFailure: { kind: 'kafka', topic: 't'.repeat(250) } },
    `${api}/API_OnFailure.html`,
  ),
  refused(
    'a Kafka topic for failed batches with a slash',
    'onFailure.topic',
    { provisionedPollers, onFailure: { kind: 'kafka', topic: 'orders/failed' } },
    `${api}/API_OnFailure.html`,
  ),

  accepted('no filter, said', { filters: [] }, filtering),
  accepted('five filters', { filters: Array.from({ length: 5 }, () => pattern) }, filtering),
  refused('six filters', 'filters', { filters: Array.from({ length: 6 }, () => pattern) }, filtering),
  refused('a filter that is no JSON', 'filters[1]', { filters: [pattern, '{"value":'] }, filtering),
  refused('a filter with a bare value', 'filters[0]', { filters: ['{"value":{"status":"paid"}}'] }, filtering),
  accepted('filters on the whole value', { filters: ['{"value":["paid","open"]}'] }, filtering),
  accepted('a filter with alternatives', { filters: [`{"$or":[${pattern},{"value":{"kind":["order"]}}]}`] }, filtering),
  ...['topic', 'partition', 'offset', 'timestamp', 'key', 'headers', 'data'].map((key) =>
    refused(
      `a filter on ${key}`,
      'filters[1]',
      { filters: [pattern, `{"value":{"status":["paid"]},"${key}":["1"]}`] },
      filtering,
    ),
  ),
  refused(
    'a filter on the key among alternatives',
    'filters[0]',
    { filters: [`{"$or":[${pattern},{"key":["1"]}]}`] },
    filtering,
  ),
  accepted('a filter of 4096 characters', { filters: [filterOf(4096)] }, `${api}/API_Filter.html`),
  refused('a filter of 4097 characters', 'filters[0]', { filters: [filterOf(4097)] }, `${api}/API_Filter.html`),

  accepted('no schema registry, said', { schemaRegistry: false }, registry),
  accepted('a schema registry', { provisionedPollers, schemaRegistry: true }, registry),
  refused('a schema registry on demand', 'schemaRegistry', { schemaRegistry: true }, registry),
  accepted('a log of the mapping', { provisionedPollers, logLevel: 'DEBUG' }, logging),
  refused('a log of the mapping on demand', 'logLevel', { logLevel: 'WARN' }, logging),
  accepted('no metrics, said', { metrics: [] }, metrics),
  accepted('all metrics', { provisionedPollers, metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] }, metrics),
  refused('metrics on demand', 'metrics', { metrics: ['EventCount'] }, metrics),
];
