import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytes } from '../../../lib/core/decode/bytes.ts';
import { decodeRecord } from '../../../lib/core/decode/decode-record.ts';
import { type DecodedPart, type Decoder, isDecoder } from '../../../lib/core/decode/decoder.ts';
import { json } from '../../../lib/core/decode/json.ts';
import { text } from '../../../lib/core/decode/text.ts';
import { RecordDecodingError } from '../../../lib/core/errors/errors.ts';
import { receiveEvent } from '../../../lib/core/event/receive-event.ts';
import type { ReceivedRecord } from '../../../lib/core/record.ts';

function received(over: Partial<ReceivedRecord> = {}): ReceivedRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset: 1,
    timestampMs: 1000,
    timestampType: 'CREATE_TIME',
    key: null,
    value: null,
    headers: null,
    keySchemaMetadata: undefined,
    valueSchemaMetadata: undefined,
    ...over,
  };
}

const base64 = (content: string): string => Buffer.from(content).toString('base64');

describe('decodeRecord', () => {
  it('decodes key, value and headers', async () => {
    const event: unknown = JSON.parse(readFileSync(new URL('../../events/msk.json', import.meta.url), 'utf8'));
    const [first] = receiveEvent(event);
    const record = await decodeRecord(first ?? received(), { value: json(), key: text() });
    expect(record).toEqual({
      topic: 'orders',
      partition: 0,
      offset: 15,
      timestampMs: 1763600000015,
      timestampType: 'CREATE_TIME',
      key: 'customer-1',
      value: { orderId: 'o-1', amount: 1 },
      headers: [{ name: 'x-event-id', value: new TextEncoder().encode('e-1') }],
      keySchemaMetadata: undefined,
      valueSchemaMetadata: undefined,
    });
  });

  it('hands neither tombstones nor absent keys to decoder or schema', async () => {
    const never: Decoder<never> = {
      name: 'never',
      decode() {
        throw new Error('decoded');
      },
    };
    const decoders = { value: never, key: never };
    for (const tombstone of [null, undefined]) {
      const record = await decodeRecord(received({ value: tombstone, key: tombstone }), decoders);
      expect(record).toMatchObject({ value: null, key: null });
    }
    expect((await decodeRecord(received({ key: '' }), decoders)).key).toBeNull();
    const strict = { value: json(z.object({ orderId: z.string() })), key: text() };
    expect((await decodeRecord(received(), strict)).value).toBeNull();
  });

  it('hands an empty value to the decoder', async () => {
    expect((await decodeRecord(received({ value: '' }), { value: text(), key: text() })).value).toBe('');
    await expect(decodeRecord(received({ value: '' }), { value: json(), key: text() })).rejects.toThrow(
      RecordDecodingError,
    );
  });

  it('tells the decoder where it is and what the schema registry said', async () => {
    const seen: DecodedPart[] = [];
    const spy: Decoder<number> = { name: 'spy', decode: (_bytes, about) => seen.push(about) };
    const schema = { dataFormat: 'AVRO', schemaId: '1' };
    await decodeRecord(received({ key: 'AA==', value: 'AA==', keySchemaMetadata: schema }), { value: spy, key: spy });
    expect(seen).toEqual([
      { coordinates: { topic: 'orders', partition: 0, offset: 1 }, part: 'key', schemaMetadata: schema },
      { coordinates: { topic: 'orders', partition: 0, offset: 1 }, part: 'value', schemaMetadata: undefined },
    ]);
  });

  it.each([
    ['a value that is no base64', { value: 'secret!' }, 'The value of orders-0@1 is not base64.'],
    ['a value that is no text', { value: 5 }, 'The value of orders-0@1 is not base64.'],
    ['a key that is no base64', { key: 'secret!' }, 'The key of orders-0@1 is not base64.'],
    ['a header byte of 300', { headers: [{ secret: [300] }] }, 'The headers of orders-0@1 are not lists of bytes'],
    ['text that is no UTF-8', { value: '/w==' }, 'The value of orders-0@1 is not UTF-8.'],
  ])('refuses %s', async (_what, over, message) => {
    const decoding = decodeRecord(received(over), { value: text(), key: bytes() });
    await expect(decoding).rejects.toThrow(RecordDecodingError);
    await expect(decoding).rejects.toThrow(message);
  });

  it('passes on what a decoder throws, as it is', async () => {
    const down = { reason: 'registry is down' };
    const failing: Decoder<string> = { name: 'failing', decode: () => Promise.reject(down) };
    await expect(decodeRecord(received({ value: 'AA==' }), { value: failing, key: bytes() })).rejects.toBe(down);
  });

  it('keeps a byte order mark in text, so that two texts stay two', async () => {
    const marked = received({ value: base64('\uFEFFa') });
    expect((await decodeRecord(marked, { value: text(), key: bytes() })).value).toBe('\uFEFFa');
  });
});

describe('isDecoder', () => {
  it('knows decoders', () => {
    for (const decoder of [json(), text(), bytes()]) expect(isDecoder(decoder)).toBe(true);
    for (const other of [undefined, null, {}, { name: 'x' }, { name: 5, decode: () => 1 }, z.string(), 'json']) {
      expect(isDecoder(other)).toBe(false);
    }
  });
});
