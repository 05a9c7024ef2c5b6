import { jsonText } from './json-text.ts';

/** A field that is not what an event should hold, kept as the base64 of its JSON text. */
export interface MalformedField {
  readonly malformed: string;
}

/** A key or value in a dead letter: the base64 of the event verbatim, null, or whatever else stood there. */
export type RawField = string | null | MalformedField;

/** Keeps a key or value of an event, well formed or not. */
export function rawField(received: unknown): RawField {
  if (received === null || received === undefined) return null;
  return typeof received === 'string' && looksLikeBase64(received) ? received : malformedField(received);
}

/** What `rawField` was given; undefined comes back as null. */
export function receivedField(field: RawField): unknown {
  return field === null || typeof field === 'string' ? field : receivedMalformed(field);
}

export function isMalformedField(field: unknown): field is MalformedField {
  return typeof field === 'object' && field !== null && 'malformed' in field && typeof field.malformed === 'string';
}

export function malformedField(received: unknown): MalformedField {
  return { malformed: Buffer.from(jsonText(received), 'latin1').toString('base64') };
}

export function receivedMalformed(field: MalformedField): unknown {
  const received: unknown = JSON.parse(Buffer.from(field.malformed, 'base64').toString('latin1'));
  return received;
}

function looksLikeBase64(text: string): boolean {
  // A search for the first wrong character: an anchored pattern with a repeated group overflows on megabytes.
  const unpadded = text.endsWith('==') ? text.slice(0, -2) : text.endsWith('=') ? text.slice(0, -1) : text;
  return text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(unpadded);
}
