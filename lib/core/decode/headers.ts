import type { RecordHeader } from '../record.ts';

function headerBytes(value: unknown): Uint8Array | undefined {
  // Kafka allows a header without a value. How Lambda shows it is not documented; it is no reason to lose the record.
  if (value === null) return new Uint8Array(0);
  if (!Array.isArray(value)) return undefined;
  const bytes = new Uint8Array(value.length);
  for (let at = 0; at < value.length; at += 1) {
    const byte: unknown = value[at];
    if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < -128 || byte > 255) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}

/**
 * The headers of a record, in order and with repeats; undefined if they have another shape than the event's.
 *
 * The event gives an array of objects, name to byte array, with one entry each (one with several is taken as several
 * headers). Bytes are signed on the wire, AWS's samples are not: -128 to 255 are accepted. Absent or null means none.
 */
export function decodeHeaders(headers: unknown): readonly RecordHeader[] | undefined {
  if (headers === null || headers === undefined) return [];
  if (!Array.isArray(headers)) return undefined;
  const decoded: RecordHeader[] = [];
  for (const header of headers) {
    if (typeof header !== 'object' || header === null || Array.isArray(header)) return undefined;
    for (const [name, value] of Object.entries(header)) {
      const bytes = headerBytes(value);
      if (bytes === undefined) return undefined;
      decoded.push({ name, value: bytes });
    }
  }
  return decoded;
}
