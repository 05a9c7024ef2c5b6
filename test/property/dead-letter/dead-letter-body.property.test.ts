import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { deadLetterBody, deadLetterPointerBody } from '../../../lib/core/dead-letter/dead-letter-body.ts';
import { jsonText } from '../../../lib/core/dead-letter/json-text.ts';
import { parseDeadLetter } from '../../../lib/core/dead-letter/parse-dead-letter.ts';
import type { ReceivedRecord } from '../../../lib/core/record.ts';
import type { DeadLetter, DeadLetterReason } from '../../../lib/ports/dead-letter-sink.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), loneSurrogates());
const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const jsonValue = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
const field = fc.oneof(fc.constant(null), base64, jsonValue, anyText);
const header = fc.oneof(
  fc.tuple(anyText, fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 })).map(([name, bytes]) => ({
    [name]: bytes,
  })),
  jsonValue,
);
const headers = fc.oneof(fc.constant(null), fc.array(header, { maxLength: 5 }), jsonValue);
const schema = fc.option(fc.record({ dataFormat: anyText, schemaId: anyText }, { noNullPrototype: true }), {
  nil: undefined,
});

const received: fc.Arbitrary<ReceivedRecord> = fc.record(
  {
    topic: anyText,
    partition: fc.nat(),
    offset: fc.maxSafeNat(),
    timestampMs: fc.option(fc.maxSafeInteger().filter(isNotNegativeZero), { nil: undefined }),
    timestampType: fc.constantFrom('CREATE_TIME', 'LOG_APPEND_TIME', undefined),
    key: field,
    value: field,
    headers,
    keySchemaMetadata: schema,
    valueSchemaMetadata: schema,
  },
  { noNullPrototype: true },
);

const reason: fc.Arbitrary<DeadLetterReason> = fc.constantFrom(
  'undecodable',
  'unprocessable',
  'unknownOutcome',
  'keyHeld',
);

function letters(record: fc.Arbitrary<ReceivedRecord>, error: fc.Arbitrary<unknown>): fc.Arbitrary<DeadLetter> {
  return fc.record({
    record,
    error,
    reason,
    attempts: fc.nat(),
    idempotencyKey: fc.option(anyText, { nil: undefined }),
    holdKey: fc.option(anyText, { nil: undefined }),
    clusterLabel: anyText,
    namespace: anyText,
    deadLetteredAtMs: fc.maxSafeNat(),
  });
}

const errors = fc.tuple(anyText, fc.anything()).map(([message, cause]) => new Error(message, { cause }));
const errorLike = fc.record({
  name: fc.anything(),
  message: fc.anything(),
  stack: fc.anything(),
  cause: fc.anything(),
});
const thrown = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
  errors,
  errorLike,
);

describe('the body of a dead letter', () => {
  test.prop([letters(received, thrown)])('gives back the record whole, and every fact beside it', (letter) => {
    const parsed = parseDeadLetter(deadLetterBody(letter));
    if (parsed.kind !== 'whole') throw new Error('a whole letter was written');
    expect(withUnsignedBytes(parsed.record)).toStrictEqual(withUnsignedBytes(letter.record));
    const { reason, attempts, idempotencyKey, holdKey, clusterLabel, namespace, deadLetteredAtMs } = letter;
    expect(parsed).toMatchObject({ reason, attempts, clusterLabel, namespace, deadLetteredAtMs });
    expect(parsed.idempotencyKey).toBe(idempotencyKey);
    expect(parsed.holdKey).toBe(holdKey);
  });

  test.prop([letters(received, thrown)])('is printable ASCII, as whole letter and as pointer', (letter) => {
    const pointer = deadLetterPointerBody(letter, { bucket: 'letters', key: letter.record.topic });
    expect(deadLetterBody(letter)).toMatch(/^[\x20-\x7e]+$/);
    expect(pointer).toMatch(/^[\x20-\x7e]+$/);
    expect(parseDeadLetter(pointer)).toMatchObject({ storedIn: { bucket: 'letters', key: letter.record.topic } });
  });

  const rubbish = fc.record({ key: fc.anything(), value: fc.anything(), headers: fc.anything() });
  test.prop([letters(received, thrown), rubbish])('is built from what JSON cannot even hold', (letter, fields) => {
    const body = deadLetterBody({ ...letter, record: { ...letter.record, ...fields } });
    expect(parseDeadLetter(body).kind).toBe('whole');
  });

  test.prop([letters(received, errors)])('bounds what an error can add to it', (letter) => {
    const error = parseDeadLetter(deadLetterBody(letter)).error;
    expect(error.message.length).toBeLessThan(1100);
    expect(error.causes.length).toBeLessThanOrEqual(3);
  });
});

describe('the JSON text of a value', () => {
  test.prop([fc.jsonValue({ noUnicodeString: false })])('is what JSON.parse gives back the same', (value) => {
    expect(JSON.parse(jsonText(value))).toStrictEqual(value);
  });

  test.prop([fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true })])(
    'is JSON for anything at all',
    (value) => {
      expect(() => JSON.parse(jsonText(value))).not.toThrow();
    },
  );
});

function loneSurrogates(): fc.Arbitrary<string> {
  const unit = fc.integer({ min: 0xd7f0, max: 0xffff }).map((code) => String.fromCharCode(code));
  return fc.array(unit, { maxLength: 8 }).map((units) => units.join(''));
}

function isNotNegativeZero(value: number): boolean {
  return !Object.is(value, -0);
}

/** Lambda writes the header byte 251 as -5; a letter does not keep which of the two it was. */
function withUnsignedBytes(record: ReceivedRecord): ReceivedRecord {
  const unsigned = (byte: unknown): unknown =>
    typeof byte === 'number' && byte >= -128 && byte <= 0 && Number.isInteger(byte) ? byte & 255 : byte;
  const headers: unknown = record.headers;
  if (!Array.isArray(headers)) return record;
  return {
    ...record,
    headers: headers.map((header: unknown) => {
      if (typeof header !== 'object' || header === null || Array.isArray(header)) return header;
      const entries = Object.entries(header);
      return entries.map(([name, bytes]) => [name, Array.isArray(bytes) ? bytes.map(unsigned) : bytes]);
    }),
  };
}
