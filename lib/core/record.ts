import type { Coordinates } from './coordinates.ts';

/** One header of a record. Kafka keeps their order and allows a name to be repeated. */
export interface RecordHeader {
  readonly name: string;
  readonly value: Uint8Array;
}

/** How the broker chose the timestamp of a record; `undefined` where the event does not say. */
export type TimestampType = 'CREATE_TIME' | 'LOG_APPEND_TIME';

/** What a schema registry told the event source mapping about a key or a value. */
export interface SchemaMetadata {
  readonly dataFormat: string;
  readonly schemaId: string;
}

/**
 * A Kafka record as the handler sees it, its value and key decoded.
 *
 * `value` is null for a tombstone; `key` is null for a record without one. `timestampMs` is in epoch
 * milliseconds.
 */
export interface KafkaRecord<Value = unknown, Key = Uint8Array> extends Coordinates {
  readonly timestampMs: number | undefined;
  readonly timestampType: TimestampType | undefined;
  readonly key: Key | null;
  readonly value: Value | null;
  readonly headers: readonly RecordHeader[];
  readonly keySchemaMetadata: SchemaMetadata | undefined;
  readonly valueSchemaMetadata: SchemaMetadata | undefined;
}

/**
 * A record as it stands in the Lambda event: its coordinates are proven, the rest is still as received.
 *
 * Anything but the coordinates may be malformed. That is the fault of one record, found when it is decoded,
 * so that its neighbours do not suffer.
 */
export interface ReceivedRecord extends Coordinates {
  readonly timestampMs: number | undefined;
  readonly timestampType: TimestampType | undefined;
  /** As in the event: base64 where well formed; null where absent, null or (the key) empty. */
  readonly key: unknown;
  readonly value: unknown;
  readonly headers: unknown;
  readonly keySchemaMetadata: SchemaMetadata | undefined;
  readonly valueSchemaMetadata: SchemaMetadata | undefined;
}
