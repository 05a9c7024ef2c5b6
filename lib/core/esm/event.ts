import type { Coordinates } from '../coordinates.ts';
import { topicPartition } from '../coordinates.ts';
import type { RecordHeader, TimestampType } from '../record.ts';

/** A record as the poller read it from Kafka. */
export interface PolledRecord extends Coordinates {
  readonly timestampMs: number;
  readonly timestampType: TimestampType;
  readonly key: Uint8Array | null;
  /** null for a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/**
 * The documented forms of the Lambda event, and a choice where AWS's documentation leaves one open.
 *
 * - `eventSource`: `aws:kafka` (MSK, with its ARN) or `SelfManagedKafka`.
 * - `bootstrapServers`: one comma-separated string.
 * - `absentKey`, `absentValue`: whether a record without a key and a tombstone have the attribute as null or not at all
 *   (default; a tombstone has been seen without it on AWS).
 * - `redelivery`: `'records'` leaves everything but `records` out of an event that is delivered again after a partial
 *   failure, as it has been seen on AWS. Default `'whole'`.
 */
export interface EventShape {
  readonly source:
    | { readonly eventSource: 'aws:kafka'; readonly eventSourceArn: string }
    | { readonly eventSource: 'SelfManagedKafka' };
  readonly bootstrapServers: string;
  readonly absentKey?: 'absent' | 'null';
  readonly absentValue?: 'absent' | 'null';
  readonly redelivery?: 'whole' | 'records';
}

/** A record as JSON text of the Lambda event, made once and used for each delivery. */
export interface EventRecord extends Coordinates {
  readonly json: string;
  /** Length of `json` in UTF-8. */
  readonly jsonBytes: number;
}

/**
 * The record as the Lambda event carries it: base64 for key and value, header bytes signed (-128 to 127).
 *
 * Source: developer guide, "Using Lambda with Amazon MSK", example event; the sign of header bytes is observed.
 */
export function eventRecord(record: PolledRecord, shape: EventShape): EventRecord {
  const json = JSON.stringify({
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestampMs,
    timestampType: record.timestampType,
    key: bytesOrAbsent(record.key, shape.absentKey),
    value: bytesOrAbsent(record.value, shape.absentValue),
    headers: record.headers.map(({ name, value }) => ({ [name]: Array.from(new Int8Array(value)) })),
  });
  const { topic, partition, offset } = record;
  return { topic, partition, offset, json, jsonBytes: Buffer.byteLength(json) };
}

/** The JSON text of the Lambda event with these records, each list in the order given. */
export function eventJson(
  records: ReadonlyMap<string, readonly EventRecord[]>,
  shape: EventShape,
  delivery: 'first' | 'again',
): string {
  const lists = Array.from(
    records,
    ([partition, list]) => `${JSON.stringify(partition)}:[${list.map(({ json }) => json).join(',')}]`,
  );
  return `${eventHead(shape, delivery)}${lists.join(',')}}}`;
}

/** Bytes of an event without records, under any delivery. */
export function emptyEventBytes(shape: EventShape): number {
  return Buffer.byteLength(eventHead(shape, 'first')) + 2;
}

/** Bytes that the first record of a topic-partition adds to an event beside its own, separators included. */
export function partitionBytes(of: Pick<Coordinates, 'topic' | 'partition'>): number {
  return Buffer.byteLength(JSON.stringify(topicPartition(of))) + ':[],'.length;
}

function eventHead(shape: EventShape, delivery: 'first' | 'again'): string {
  if (delivery === 'again' && shape.redelivery === 'records') {
    return '{"records":{';
  }
  const { bootstrapServers } = shape;
  return `${JSON.stringify({ ...shape.source, bootstrapServers }).slice(0, -1)},"records":{`;
}

function bytesOrAbsent(bytes: Uint8Array | null, absent: 'absent' | 'null' = 'absent'): string | null | undefined {
  if (bytes === null) {
    return absent === 'null' ? null : undefined;
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
