import type { DeadLetterReason } from '../../ports/dead-letter-sink.ts';
import type { ReceivedRecord, SchemaMetadata, TimestampType } from '../record.ts';
import { deadLetterVersion } from './dead-letter-body.ts';
import { DeadLetterFormatError } from './dead-letter-error.ts';
import type { ErrorDescription, ErrorSummary } from './error-description.ts';
import {
  arrayOf,
  isFields,
  isNumber,
  isText,
  type JsonFields,
  optional,
  parseFields,
  required,
} from './json-fields.ts';
import { isMalformedField, type RawField, receivedField } from './raw-field.ts';
import { type RawHeader, type RawHeaders, receivedHeaders } from './raw-headers.ts';
import type { DeadLetterFacts, DeadLetterPointer, WholeDeadLetter } from './stored-dead-letter.ts';

const reasons: ReadonlySet<unknown> = new Set<DeadLetterReason>([
  'undecodable',
  'schemaViolation',
  'businessIdRejected',
  'fingerprintMismatch',
  'unprocessable',
  'attemptsExhausted',
  'unknownOutcome',
  'keyHeld',
]);

/**
 * Reads the body of a dead letter: the message of a queue, or the S3 object that a pointer names.
 *
 * @throws {DeadLetterFormatError} where the text is none, or one of another version.
 */
export function parseDeadLetter(body: string): WholeDeadLetter | DeadLetterPointer {
  const fields = parseFields(body);
  const version = required(fields, 'version', isNumber);
  if (version !== deadLetterVersion) {
    throw new DeadLetterFormatError(`version: ${version} is not known, this release reads ${deadLetterVersion}`);
  }
  const facts = readFacts(fields);
  const storedIn = optional(fields, 'storedIn', isFields);
  if (storedIn !== undefined) {
    const bucket = required(storedIn, 'bucket', isText);
    return { ...facts, kind: 'pointer', storedIn: { bucket, key: required(storedIn, 'key', isText) } };
  }
  return { ...facts, kind: 'whole', record: readRecord(fields, facts) };
}

function readFacts(fields: JsonFields): DeadLetterFacts {
  return {
    reason: required(fields, 'reason', isReason),
    error: readError(required(fields, 'error', isFields)),
    attempts: required(fields, 'attempts', isNumber),
    topic: required(fields, 'topic', isText),
    partition: required(fields, 'partition', isNumber),
    offset: required(fields, 'offset', isNumber),
    timestampMs: optional(fields, 'timestampMs', isNumber),
    timestampType: optional(fields, 'timestampType', isTimestampType),
    clusterLabel: required(fields, 'clusterLabel', isText),
    namespace: required(fields, 'namespace', isText),
    idempotencyKey: optional(fields, 'idempotencyKey', isText),
    holdKey: optional(fields, 'holdKey', isText),
    deadLetteredAtMs: required(fields, 'deadLetteredAtMs', isNumber),
    keySchemaMetadata: optional(fields, 'keySchemaMetadata', isSchemaMetadata),
    valueSchemaMetadata: optional(fields, 'valueSchemaMetadata', isSchemaMetadata),
  };
}

function readRecord(fields: JsonFields, facts: DeadLetterFacts): ReceivedRecord {
  const { topic, partition, offset, timestampMs, timestampType, keySchemaMetadata, valueSchemaMetadata } = facts;
  return {
    topic,
    partition,
    offset,
    timestampMs,
    timestampType,
    key: receivedField(required(fields, 'key', isRawField)),
    value: receivedField(required(fields, 'value', isRawField)),
    headers: receivedHeaders(required(fields, 'headers', isRawHeaders)),
    keySchemaMetadata,
    valueSchemaMetadata,
  };
}

function readError(fields: JsonFields): ErrorDescription {
  const causes = required(fields, 'causes', arrayOf(isFields));
  return { ...readSummary(fields), stack: optional(fields, 'stack', isText), causes: causes.map(readSummary) };
}

function readSummary(fields: JsonFields): ErrorSummary {
  return { name: required(fields, 'name', isText), message: required(fields, 'message', isText) };
}

function isReason(value: unknown): value is DeadLetterReason {
  return reasons.has(value);
}

function isTimestampType(value: unknown): value is TimestampType {
  return value === 'CREATE_TIME' || value === 'LOG_APPEND_TIME';
}

function isSchemaMetadata(value: unknown): value is SchemaMetadata {
  return isFields(value) && isText(value.dataFormat) && isText(value.schemaId);
}

function isRawField(value: unknown): value is RawField {
  return value === null || isText(value) || isMalformedField(value);
}

function isRawHeaders(value: unknown): value is RawHeaders {
  return value === null || isMalformedField(value) || arrayOf(isRawHeader)(value);
}

function isRawHeader(value: unknown): value is RawHeader {
  return isMalformedField(value) || (Array.isArray(value) && value.length === 2 && value.every(isText));
}
