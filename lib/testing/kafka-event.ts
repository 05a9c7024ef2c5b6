import { Buffer } from 'node:buffer';
import { topicPartition } from '../core/coordinates.ts';
import type { SchemaMetadata, TimestampType } from '../core/record.ts';

/**
 * Bytes of a key, a value or a header, said conveniently: a string stands for its UTF-8 bytes, bytes for themselves,
 * and anything else for its JSON.
 */
export type Content = string | Uint8Array | number | boolean | object;

/** A record to put into an event. Whatever is left out gets a value that suits a test. */
export interface TestRecord {
  /** `orders` unless the event says otherwise. */
  readonly topic?: string;
  /** 0 by default. */
  readonly partition?: number;
  /** By default one more than that of the record before it in its topic-partition; the first is 0. */
  readonly offset?: number;
  /** Epoch milliseconds; by default 2026-01-01T00:00:00Z plus a millisecond for each record before it in the event. */
  readonly timestampMs?: number;
  readonly timestampType?: TimestampType;
  /** Null or left out: a record without a key. */
  readonly key?: Content | null;
  /** Null or left out: a tombstone. */
  readonly value?: Content | null;
  /** In order; a name may be repeated. */
  readonly headers?: Readonly<Record<string, Content>> | readonly (readonly [name: string, value: Content])[];
  readonly keySchemaMetadata?: SchemaMetadata;
  readonly valueSchemaMetadata?: SchemaMetadata;
}

export interface KafkaEventOptions {
  /** `msk` by default; `recordsOnly` is how batches delivered again after a partial failure have been seen. */
  readonly source?: 'msk' | 'selfManaged' | 'recordsOnly';
  /** The topic of records that name none; `orders` by default. */
  readonly topic?: string;
  /** How a key or value that is not there appears: as null (the default), or not at all. */
  readonly missing?: 'null' | 'absent';
}

/** A record as it stands in the event, its key and value in base64 and the bytes of its headers signed. */
export interface EventRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: TimestampType;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly headers: readonly { readonly [name: string]: readonly number[] }[];
  readonly keySchemaMetadata?: SchemaMetadata;
  readonly valueSchemaMetadata?: SchemaMetadata;
}

/** The event of an Amazon MSK or a self-managed Kafka event source mapping. */
export interface KafkaEvent {
  readonly eventSource?: 'aws:kafka' | 'SelfManagedKafka';
  readonly eventSourceArn?: string;
  readonly bootstrapServers?: string;
  /** By `<topic>-<partition>`. */
  readonly records: { readonly [topicPartition: string]: readonly EventRecord[] };
}

const bootstrapServers =
  'b-1.test.kafka.eu-central-1.amazonaws.com:9098,b-2.test.kafka.eu-central-1.amazonaws.com:9098';
const eventSourceArn = 'arn:aws:kafka:eu-central-1:123456789012:cluster/test/00000000-0000-4000-8000-000000000000-1';
const firstTimestampMs = Date.UTC(2026, 0, 1);

/**
 * The event that Lambda would make of the given records, grouped by topic-partition in the order given.
 *
 * In the form of https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html and with-kafka.html; header bytes are
 * signed, as they have been observed to be. Throws a `TypeError` for content that has no JSON.
 */
export function kafkaEvent(records: readonly TestRecord[], options: KafkaEventOptions = {}): KafkaEvent {
  const { source = 'msk', topic = 'orders', missing = 'null' } = options;
  const groups = new Map<string, EventRecord[]>();
  for (const [index, record] of records.entries()) {
    const coordinates = { topic: record.topic ?? topic, partition: record.partition ?? 0 };
    const name = topicPartition(coordinates);
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push({
      ...coordinates,
      offset: record.offset ?? (group.at(-1)?.offset ?? -1) + 1,
      timestamp: record.timestampMs ?? firstTimestampMs + index,
      timestampType: record.timestampType ?? 'CREATE_TIME',
      ...(isThere(record.key, missing) && { key: base64(record.key) }),
      ...(isThere(record.value, missing) && { value: base64(record.value) }),
      headers: toHeaders(record.headers),
      ...(record.keySchemaMetadata && { keySchemaMetadata: record.keySchemaMetadata }),
      ...(record.valueSchemaMetadata && { valueSchemaMetadata: record.valueSchemaMetadata }),
    });
  }
  return { ...envelope(source), records: Object.fromEntries(groups) };
}

function envelope(source: NonNullable<KafkaEventOptions['source']>): Omit<KafkaEvent, 'records'> {
  switch (source) {
    case 'msk':
      return { eventSource: 'aws:kafka', eventSourceArn, bootstrapServers };
    case 'selfManaged':
      return { eventSource: 'SelfManagedKafka', bootstrapServers };
    case 'recordsOnly':
      return {};
  }
}

function isThere(content: Content | null | undefined, missing: 'null' | 'absent'): boolean {
  return missing === 'null' || (content !== null && content !== undefined);
}

function base64(content: Content | null | undefined): string | null {
  return content === null || content === undefined ? null : Buffer.from(bytesOf(content)).toString('base64');
}

function toHeaders(headers: TestRecord['headers'] = {}): EventRecord['headers'] {
  return entriesOf(headers).map(([name, value]) => ({ [name]: [...new Int8Array(bytesOf(value))] }));
}

function entriesOf(headers: NonNullable<TestRecord['headers']>): readonly (readonly [string, Content])[] {
  return isList(headers) ? headers : Object.entries(headers);
}

function isList(
  headers: NonNullable<TestRecord['headers']>,
): headers is readonly (readonly [name: string, value: Content])[] {
  return Array.isArray(headers);
}

function bytesOf(content: Content): Uint8Array {
  if (content instanceof Uint8Array) {
    return content;
  }
  const text: string | undefined = typeof content === 'string' ? content : JSON.stringify(content);
  if (text === undefined) {
    throw new TypeError('A key, a value or a header of a test record has no JSON.');
  }
  return Buffer.from(text);
}
