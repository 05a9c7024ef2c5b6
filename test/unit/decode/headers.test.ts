import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { headerText, headerValue } from '../../../lib/core/decode/header-value.ts';
import { decodeHeaders } from '../../../lib/core/decode/headers.ts';
import { RecordDecodingError } from '../../../lib/core/errors/errors.ts';
import { receiveEvent } from '../../../lib/core/event/receive-event.ts';

const signed = readFileSync(new URL('../../events/signed-headers.json', import.meta.url), 'utf8');

describe('decodeHeaders', () => {
  it('reads signed and unsigned bytes, keeps order and repeats', () => {
    const [received] = receiveEvent(JSON.parse(signed));
    expect(decodeHeaders(received?.headers)).toEqual([
      { name: 'city', value: new TextEncoder().encode('Zürich') },
      { name: 'trace', value: Uint8Array.of(1) },
      { name: 'trace', value: Uint8Array.of(255, 255, 128, 128) },
    ]);
  });

  it.each([[undefined], [null], [[]], [[{}]]])('reads %j as none', (headers) => {
    expect(decodeHeaders(headers)).toEqual([]);
  });

  it('reads an object with several entries as several headers, a null as no bytes', () => {
    expect(decodeHeaders([{ a: [1], b: null }])).toEqual([
      { name: 'a', value: Uint8Array.of(1) },
      { name: 'b', value: new Uint8Array(0) },
    ]);
  });

  it('reads a header named __proto__', () => {
    expect(decodeHeaders(JSON.parse('[{"__proto__":[1]}]'))).toEqual([{ name: '__proto__', value: Uint8Array.of(1) }]);
  });

  it.each([
    ['a byte of 300', [{ a: [300] }]],
    ['a byte of 256', [{ a: [256] }]],
    ['a byte of -129', [{ a: [-129] }]],
    ['half a byte', [{ a: [0.5] }]],
    ['a byte that is a text', [{ a: ['1'] }]],
    ['a text', [{ a: 'AQ==' }]],
    ['an object of headers', { a: [1] }],
    ['a header that is null', [null]],
    ['a header that is an array', [[1]]],
    ['a number', 5],
  ])('refuses %s', (_what, headers) => {
    expect(decodeHeaders(headers)).toBeUndefined();
  });
});

describe('headerValue and headerText', () => {
  const record = {
    topic: 'orders',
    partition: 0,
    offset: 7,
    headers: [
      { name: 'id', value: Uint8Array.of(65) },
      { name: 'id', value: Uint8Array.of(66) },
      { name: 'binary', value: Uint8Array.of(255) },
    ],
  };

  it('give the last of a repeated header', () => {
    expect(headerValue(record, 'id')).toEqual(Uint8Array.of(66));
    expect(headerText(record, 'id')).toBe('B');
  });

  it('give nothing for a header that is not there', () => {
    expect(headerValue(record, 'ID')).toBeUndefined();
    expect(headerText(record, 'ID')).toBeUndefined();
  });

  it('do not make up text', () => {
    expect(() => headerText(record, 'binary')).toThrow(RecordDecodingError);
    expect(() => headerText(record, 'binary')).toThrow('orders-0@7');
  });
});
