import type { DeadLetter } from '../../ports/dead-letter-sink.ts';
import { asciiJson } from './ascii-json.ts';
import { describeError } from './error-description.ts';
import { rawField } from './raw-field.ts';
import { rawHeaders } from './raw-headers.ts';

/** Version of the format that `docs/dead-letters.md` describes. */
export const deadLetterVersion = 1;

/** The S3 object that holds a letter which no queue takes. */
export interface DeadLetterLocation {
  readonly bucket: string;
  readonly key: string;
}

/** The whole letter as printable-ASCII JSON. Never throws, whatever the record holds and whatever was thrown. */
export function deadLetterBody(letter: DeadLetter): string {
  const { key, value, headers } = letter.record;
  return bodyOf(letter, { key: rawField(key), value: rawField(value), headers: rawHeaders(headers) });
}

/** The letter without key, value and headers, but with the place where the whole of it was stored before. */
export function deadLetterPointerBody(letter: DeadLetter, storedIn: DeadLetterLocation): string {
  return bodyOf(letter, { storedIn: { bucket: storedIn.bucket, key: storedIn.key } });
}

function bodyOf(letter: DeadLetter, contents: Readonly<Record<string, unknown>>): string {
  const { record, error } = letter;
  const body = {
    version: deadLetterVersion,
    reason: letter.reason,
    error: describeError(error),
    attempts: letter.attempts,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestampMs: record.timestampMs ?? null,
    timestampType: record.timestampType ?? null,
    clusterLabel: letter.clusterLabel,
    namespace: letter.namespace,
    idempotencyKey: letter.idempotencyKey ?? null,
    holdKey: letter.holdKey,
    deadLetteredAtMs: letter.deadLetteredAtMs,
    deadLetteredAt: isoTime(letter.deadLetteredAtMs),
    keySchemaMetadata: record.keySchemaMetadata ?? null,
    valueSchemaMetadata: record.valueSchemaMetadata ?? null,
    ...contents,
  };
  return asciiJson(JSON.stringify(body));
}

/** For the reader only; null where a clock is beyond what a date can be. */
function isoTime(epochMs: number): string | null {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
