import { formatCoordinates } from '../coordinates.ts';
import { RecordDecodingError } from '../errors/errors.ts';
import type { KafkaRecord, ReceivedRecord } from '../record.ts';
import { base64Bytes } from './base64.ts';
import type { Decoder } from './decoder.ts';
import { decodeHeaders } from './headers.ts';

/** The decoders of a handler, for the two parts of a record that have contents of their own. */
export interface RecordDecoders<Value, Key> {
  readonly value: Decoder<Value>;
  readonly key: Decoder<Key>;
}

function partBytes(received: ReceivedRecord, part: 'key' | 'value'): Uint8Array | null {
  const content = received[part];
  if (content === null || content === undefined) return null;
  const bytes = typeof content === 'string' ? base64Bytes(content) : undefined;
  if (bytes === undefined) {
    throw new RecordDecodingError(`The ${part} of ${formatCoordinates(received)} is not base64.`);
  }
  return part === 'key' && bytes.length === 0 ? null : bytes;
}

/**
 * The record as the handler sees it.
 *
 * A tombstone (null or absent value) has a null value and an absent key is null: neither reaches a decoder or schema.
 *
 * @throws RecordDecodingError for base64 that is none or headers of another shape than the event's.
 * @throws whatever a decoder throws, as it is.
 */
export async function decodeRecord<Value, Key>(
  received: ReceivedRecord,
  decoders: RecordDecoders<Value, Key>,
): Promise<KafkaRecord<Value, Key>> {
  const { topic, partition, offset, keySchemaMetadata, valueSchemaMetadata } = received;
  const coordinates = { topic, partition, offset };
  const keyBytes = partBytes(received, 'key');
  const valueBytes = partBytes(received, 'value');
  const headers = decodeHeaders(received.headers);
  if (headers === undefined) {
    throw new RecordDecodingError(`The headers of ${formatCoordinates(coordinates)} are not lists of bytes by name.`);
  }
  const key =
    keyBytes === null
      ? null
      : await decoders.key.decode(keyBytes, { coordinates, part: 'key', schemaMetadata: keySchemaMetadata });
  const value =
    valueBytes === null
      ? null
      : await decoders.value.decode(valueBytes, { coordinates, part: 'value', schemaMetadata: valueSchemaMetadata });
  return {
    ...coordinates,
    timestampMs: received.timestampMs,
    timestampType: received.timestampType,
    key,
    value,
    headers,
    keySchemaMetadata,
    valueSchemaMetadata,
  };
}
