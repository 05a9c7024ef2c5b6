import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Bytes } from '../../../lib/core/decode/base64.ts';
import { bytes } from '../../../lib/core/decode/bytes.ts';
import { decodeRecord } from '../../../lib/core/decode/decode-record.ts';
import { json } from '../../../lib/core/decode/json.ts';
import { text } from '../../../lib/core/decode/text.ts';
import { RecordDecodingError } from '../../../lib/core/errors/errors.ts';
import type { ReceivedRecord } from '../../../lib/core/record.ts';

function received(over: Partial<ReceivedRecord>): ReceivedRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset: 1,
    timestampMs: 1000,
    timestampType: undefined,
    key: null,
    value: null,
    headers: null,
    keySchemaMetadata: undefined,
    valueSchemaMetadata: undefined,
    ...over,
  };
}

function toBase64(content: Uint8Array): string {
  return Buffer.from(content).toString('base64');
}

const headers = fc.array(fc.record({ name: fc.string(), value: fc.uint8Array() }), { maxLength: 5 });

describe('decodeRecord', () => {
  it('gives back the bytes that went into the event, signed header bytes or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1 }),
        fc.uint8Array(),
        headers,
        fc.boolean(),
        async (k, v, h, signed) => {
          const raw = h.map(({ name, value }) => [[name, Array.from(signed ? new Int8Array(value) : value)]]);
          const record = await decodeRecord(
            received({ key: toBase64(k), value: toBase64(v), headers: raw.map(Object.fromEntries) }),
            { key: bytes(), value: bytes() },
          );
          expect(record.key).toEqual(k);
          expect(record.value).toEqual(v);
          expect(record.headers).toEqual(h);
        },
      ),
    );
  });

  it('gives back JSON, exactly or not, and text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom('number', 'exact'), async (value, integers) => {
        const written = JSON.stringify(value);
        const raw = received({ key: toBase64(Buffer.from(written)), value: toBase64(Buffer.from(written)) });
        const record = await decodeRecord(raw, { key: text(), value: json({ integers }) });
        expect(record.key).toBe(written);
        const asNumbers = JSON.stringify(record.value, (_name, member) =>
          typeof member === 'bigint' ? Number(member) : member,
        );
        expect(asNumbers).toBe(JSON.stringify(JSON.parse(written)));
      }),
    );
  });

  it('keeps every integer under exact', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.bigInt()), async (integers) => {
        const raw = received({ value: toBase64(Buffer.from(`[${integers.join(',')}]`)) });
        const { value } = await decodeRecord(raw, { key: text(), value: json({ integers: 'exact' }) });
        expect(Array.isArray(value) ? value.map(String) : value).toEqual(integers.map(String));
      }),
    );
  });

  it('takes anything as contents without throwing anything but RecordDecodingError', async () => {
    const content = fc.oneof(fc.anything(), fc.base64String(), fc.string());
    await fc.assert(
      fc.asyncProperty(content, content, content, async (key, value, headers) => {
        try {
          await decodeRecord(received({ key, value, headers }), { key: text(), value: json({ integers: 'exact' }) });
        } catch (error) {
          expect(error).toBeInstanceOf(RecordDecodingError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('base64Bytes', () => {
  it('reads a text only if it is the one text of its bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.base64String(), fc.string(), fc.stringMatching(/^[A-Za-z0-9+/_\-= \n]*$/)), (written) => {
        const read = base64Bytes(written);
        if (read !== undefined) expect(toBase64(read)).toBe(written);
      }),
    );
  });
});
