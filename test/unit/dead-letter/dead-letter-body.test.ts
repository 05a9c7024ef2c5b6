import { describe, expect, it } from 'vitest';
import { deadLetterBody, deadLetterPointerBody } from '../../../lib/core/dead-letter/dead-letter-body.ts';
import { jsonText } from '../../../lib/core/dead-letter/json-text.ts';
import { parseDeadLetter } from '../../../lib/core/dead-letter/parse-dead-letter.ts';
import type { ReceivedRecord } from '../../../lib/core/record.ts';
import { letter } from './letters.ts';

function roundTrip(record: Partial<ReceivedRecord>): ReceivedRecord {
  const parsed = parseDeadLetter(deadLetterBody(letter(record)));
  if (parsed.kind !== 'whole') throw new Error('a whole letter was written');
  return parsed.record;
}

describe('a dead letter as JSON', () => {
  it('is the documented format, version 1', () => {
    expect(JSON.parse(deadLetterBody(letter({}, { error: new TypeError('no customer', { cause: 7 }) })))).toEqual({
      version: 1,
      reason: 'unprocessable',
      error: {
        name: 'TypeError',
        message: 'no customer',
        stack: expect.stringMatching(/^ {4}at /),
        causes: [{ name: 'number', message: '7' }],
      },
      attempts: 2,
      topic: 'orders',
      partition: 3,
      offset: 41,
      timestampMs: 1_760_000_000_000,
      timestampType: 'CREATE_TIME',
      clusterLabel: 'main',
      namespace: 'billing',
      idempotencyKey: 'c0ffee',
      deadLetteredAtMs: 1_760_000_000_500,
      deadLetteredAt: '2025-10-09T08:53:20.500Z',
      keySchemaMetadata: null,
      valueSchemaMetadata: null,
      key: 'a2V5',
      value: 'dmFsdWU=',
      headers: [
        ['trace', 'AQL/'],
        ['trace', ''],
      ],
    });
  });

  it.each(['billing#hold', undefined])('names the marker that holds its Kafka key, if there is one: %j', (holdKey) => {
    const held = letter({}, { reason: 'keyHeld', holdKey });
    expect(Object.hasOwn(JSON.parse(deadLetterBody(held)), 'holdKey')).toBe(holdKey !== undefined);
    for (const body of [deadLetterBody(held), deadLetterPointerBody(held, { bucket: 'big', key: 'a/b' })]) {
      expect(parseDeadLetter(body)).toMatchObject({ reason: 'keyHeld', holdKey });
    }
  });

  it('names the object that holds the whole letter instead of key, value and headers', () => {
    const pointer = JSON.parse(deadLetterPointerBody(letter(), { bucket: 'big', key: 'a/b' }));
    expect(pointer).toMatchObject({ topic: 'orders', offset: 41, storedIn: { bucket: 'big', key: 'a/b' } });
    expect(Object.keys(pointer)).not.toEqual(expect.arrayContaining(['key']));
    expect(pointer).not.toHaveProperty('value');
    expect(pointer).not.toHaveProperty('headers');
  });

  it.each([
    ['a base64 that is none', { value: '%%%' }],
    ['a base64 with line breaks', { value: 'AAAA\nAAAA' }],
    ['a number', { key: 12.5 }],
    ['a nested object', { value: { a: [{ b: null }] } }],
    ['a lone surrogate', { value: 'x\ud800' }],
    ['a header byte of 300', { headers: [{ ok: [1] }, { bad: [300] }, { ok: [2] }] }],
    ['a header byte that is too low', { headers: [{ bad: [-129] }] }],
    ['a header with two names', { headers: [{ a: [1], b: [2] }] }],
    ['a header that is a string', { headers: ['a'] }],
    ['headers that are an object', { headers: { a: [1] } }],
    ['a header name that JavaScript has a meaning for', { headers: [JSON.parse('{"__proto__":[1]}')] }],
    ['empty strings', { key: '', value: '' }],
    ['a tombstone', { value: null, headers: null }],
  ])('keeps %s as it was', (_, record) => {
    expect(roundTrip(record)).toStrictEqual(letter(record).record);
  });

  it('takes signed header bytes for the bytes they mean', () => {
    expect(roundTrip({ headers: [{ name: [-61, -68, 195] }] }).headers).toEqual([{ name: [195, 188, 195] }]);
  });

  it.each(['QUI', 'QUI=\n', 'QU_-', '=AAA'])('marks %j as malformed, so that whoever decodes a value can', (value) => {
    expect(JSON.parse(deadLetterBody(letter({ value }))).value).toEqual({ malformed: expect.any(String) });
  });

  it('tells a value that occurs twice from a cycle', () => {
    const twice = { a: [1] };
    expect(roundTrip({ value: [twice, twice, { twice }] }).value).toEqual([twice, twice, { twice }]);
  });

  it('keeps what was absent as null', () => {
    expect(roundTrip({ key: undefined, value: undefined, headers: undefined })).toMatchObject({
      key: null,
      value: null,
      headers: null,
    });
  });

  it('keeps a value nested deeper than a call stack', () => {
    const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const { value } = roundTrip({ value: JSON.parse(text) });
    expect(jsonText(value) === text).toBe(true);
  });

  it('keeps a base64 and a malformed string of 6 MB', () => {
    const good = 'QUJD'.repeat(1_500_000);
    expect(roundTrip({ value: good }).value === good).toBe(true);
    const bad = `${'%'.repeat(5_900_000)}${'\u00fc!'.repeat(50_000)}`;
    expect(roundTrip({ value: bad }).value === bad).toBe(true);
  });

  it('survives fields that fight back', () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const endless: object = new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor, get: () => endless });
    expect(roundTrip({ key: proxy, value: cycle, headers: [proxy, { a: proxy }] })).toMatchObject({
      key: '[unreadable]',
      value: ['[cycle]'],
      headers: ['[unreadable]', { a: '[unreadable]' }],
    });
    expect(roundTrip({ headers: proxy, key: 5n, value: endless })).toMatchObject({
      headers: '[unreadable]',
      key: '[bigint 5]',
    });
  });

  it('cuts off a structure that has no end', () => {
    const endless: object = new Proxy(
      {},
      { ownKeys: () => ['a'], getOwnPropertyDescriptor, get: () => new Proxy(endless, {}) },
    );
    const limits = { maxNodes: 3, maxStringLength: 10 };
    expect(jsonText(endless, limits)).toBe('{"a":{"a":{"a":"[cut off]"}}}');
    expect(jsonText(['a'.repeat(20), 1, 2, 3], limits)).toBe('["aaaaaaaaaa",1,"[cut off]"]');
  });

  it('is written where the clock is beyond any date', () => {
    expect(parseDeadLetter(deadLetterBody(letter({}, { deadLetteredAtMs: 1e300 }))).deadLetteredAtMs).toBe(1e300);
  });
});

describe('reading a dead letter', () => {
  const body = deadLetterBody(letter());
  it.each([
    ['no JSON', 'letters', 'no JSON'],
    ['an array', '[]', 'JSON object'],
    ['another version', body.replace('"version":1', '"version":2'), 'version: 2'],
    ['an unknown reason', body.replace('"unprocessable"', '"bored"'), 'reason'],
    ['no value', body.replace('"value":', '"valu":'), 'value'],
    ['a header that is none', body.replace('["trace","AQL/"]', '["trace"]'), 'headers'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseDeadLetter(text)).toThrow(
      expect.objectContaining({ name: 'DeadLetterFormatError', message: expect.stringContaining(message) }),
    );
  });
});

function getOwnPropertyDescriptor(): PropertyDescriptor {
  return { configurable: true, enumerable: true, value: 1 };
}
