import { isMalformedField, type MalformedField, malformedField, receivedMalformed } from './raw-field.ts';

/** A header in a dead letter: name and base64 of its bytes, or whatever else stood in its place. */
export type RawHeader = readonly [name: string, base64: string] | MalformedField;

/** The headers in a dead letter, in their order; null where the event has none. */
export type RawHeaders = readonly RawHeader[] | null | MalformedField;

/** Keeps the headers of an event, each well formed or not. */
export function rawHeaders(received: unknown): RawHeaders {
  if (received === null || received === undefined) return null;
  try {
    if (!isPlainArray(received)) return malformedField(received);
    return Array.from(received, (header: unknown) => wellFormedHeader(header) ?? malformedField(header));
  } catch {
    return malformedField(received);
  }
}

/** What `rawHeaders` was given: one-entry objects, the bytes as 0 to 255; undefined comes back as null. */
export function receivedHeaders(headers: RawHeaders): unknown {
  if (headers === null) return null;
  if (isMalformedField(headers)) return receivedMalformed(headers);
  return headers.map((header): unknown => {
    if (isMalformedField(header)) return receivedMalformed(header);
    const [name, base64] = header;
    return { [name]: [...Buffer.from(base64, 'base64')] };
  });
}

function wellFormedHeader(header: unknown): RawHeader | undefined {
  try {
    if (typeof header !== 'object' || header === null || Array.isArray(header)) return undefined;
    const [entry, ...others] = Object.entries(header);
    if (entry === undefined || others.length > 0) return undefined;
    const [name, bytes] = entry;
    if (!isPlainArray(bytes)) return undefined;
    // A copy, so that what is judged is what is stored.
    const values = Array.from(bytes);
    return values.every(isHeaderByte) ? [name, Buffer.from(values).toString('base64')] : undefined;
  } catch {
    return undefined;
  }
}

/** Lambda writes header bytes signed; its documentation shows them unsigned. Both mean the same byte. */
function isHeaderByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -128 && value <= 255;
}

/** An array that can be walked: not a revoked proxy, not one that pretends to a length beyond any event. */
function isPlainArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value) && value.length <= 10_000_000;
  } catch {
    return false;
  }
}
