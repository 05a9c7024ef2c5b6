import type { Coordinates } from '../coordinates.ts';
import type { SchemaMetadata } from '../record.ts';

/** What a decoder is told about the bytes it is given. */
export interface DecodedPart {
  readonly coordinates: Coordinates;
  readonly part: 'key' | 'value';
  /** What a schema registry said of this part; undefined without one. */
  readonly schemaMetadata: SchemaMetadata | undefined;
}

/**
 * Turns the bytes of a record's value or key into what the handler gets.
 *
 * It is never given a tombstone or an absent key. It may be called concurrently. What it throws is retried by Lambda,
 * unless it is an `UnprocessableRecordError` (such as `RecordDecodingError`): then the record is given up on at once.
 */
export interface Decoder<T> {
  /** For error messages: `json`. */
  readonly name: string;
  decode(bytes: Uint8Array, about: DecodedPart): T | Promise<T>;
}

/** Whether a value can serve as a decoder. */
export function isDecoder(value: unknown): value is Decoder<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'decode' in value &&
    typeof value.decode === 'function'
  );
}
