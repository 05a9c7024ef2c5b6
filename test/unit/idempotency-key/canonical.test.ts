import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { BusinessIdError } from '../../../lib/core/errors/errors.ts';
import { canonical } from '../../../lib/core/idempotency-key/canonical.ts';
import { canonicalPayload } from '../../../lib/core/idempotency-key/canonical-payload.ts';

const self: unknown[] = [];
self.push(self);

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** Few objects, but 2^60 ways through them. */
function doubling(): unknown {
  let value: unknown = ['x'];
  for (let level = 0; level < 60; level += 1) value = [value, value];
  return value;
}

const hostile = {
  get secret(): never {
    throw new Error('secret');
  },
};

describe('canonical', () => {
  it.each([
    ['the order of members', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['0 and -0', 0, -0],
    ['a number and a bigint', 12, 12n],
    ['an absent and an undefined member', { a: 1 }, { a: 1, b: undefined }],
    ['a Buffer and its bytes', Buffer.from('a'), Uint8Array.of(97)],
    ['objects with and without a prototype', { a: 1 }, Object.assign(Object.create(null), { a: 1 })],
    ['objects of two realms', { a: 1 }, runInNewContext('({ a: 1 })')],
  ])('does not distinguish %s', (_what, one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });

  it.each([
    ['1 and "1"', 1, '1'],
    ['true and "true"', true, 'true'],
    ['null and "null"', null, 'null'],
    ['false and 0', false, 0],
    ['1 and [1]', 1, [1]],
    ['[1, 2] and "1,2"', [1, 2], '1,2'],
    ['[1, 2] and ["1,2"]', [1, 2], ['1,2']],
    ['[["a"], "b"] and ["a", ["b"]]', [['a'], 'b'], ['a', ['b']]],
    ['an object and its entries', { a: 1 }, [['a', 1]]],
    ['an array and its indices', [1], { 0: 1 }],
    ['bytes and their text', Uint8Array.of(97), 'a'],
    ['bytes and their base64', Uint8Array.of(97), 'b"YQ=="'],
    ['bytes and their list', Uint8Array.of(97), [97]],
    ['a date and its time', new Date(5), 5],
    ['a date and its text', new Date(5), new Date(5).toISOString()],
    ['letter case', 'a', 'A'],
    ['Unicode forms', '\u00e9', 'e\u0301'],
    ['lone surrogates', '\ud800', '\ufffd'],
    ['two bigints with one double', 9007199254740993n, 9007199254740992n],
    ['a member that is null and none', { a: null }, {}],
    ['text with quotes', ['a","b'], ['a', 'b']],
  ])('distinguishes %s', (_what, one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });

  it.each([
    ['undefined', undefined],
    ['a list with a hole', Object.assign([], { length: 1 })],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['2^53', 2 ** 53],
    ['-2^53 inside', { a: [-(2 ** 53)] }],
    ['a huge number', 1e300],
    ['a function', () => 1],
    ['a symbol', Symbol('secret')],
    ['a Map', new Map([['secret', 1]])],
    ['a Set', new Set(['secret'])],
    ['a URL', new URL('https://secret.example')],
    ['a promise', Promise.resolve('secret')],
    ['a text object', Object('secret')],
    ['an error', new Error('secret')],
    ['a date that is none', new Date(Number.NaN)],
    ['a value that contains itself', self],
    ['a value that is too deep', nested(10_000)],
    ['a value with too many ways', doubling()],
    ['a getter that throws', hostile],
    ['a revoked proxy', revoked()],
  ])('refuses %s, without its contents', (_what, value) => {
    expect(() => canonical(value)).toThrow(BusinessIdError);
    expect(() => canonical(value)).not.toThrow(/secret/);
  });

  it('says how to keep a number beyond 2^53', () => {
    expect(() => canonical(2 ** 53)).toThrow("json({ integers: 'exact' })");
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('canonicalPayload', () => {
  it('is canonical where that is defined', () => {
    const value = { b: [1, 2n, 'x', null, true], a: Uint8Array.of(1), c: new Date(7), d: 0.1 };
    expect(canonicalPayload(value)).toBe(canonical(value));
  });

  it.each([
    ['huge numbers', 2 ** 60, 2 ** 61],
    ['a huge number and its exact bigint differ in digits only', 12345678901234567890n, 12345678901234567891n],
    ['NaN', Number.NaN, null],
    ['infinities', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ['undefined in lists', [undefined], [null]],
    ['dates that are none', new Date(Number.NaN), new Date(0)],
    ['maps', new Map([['a', 1]]), new Map([['a', 2]])],
    ['a map and an object', new Map([['a', 1]]), { a: 1 }],
    ['sets', new Set([1]), new Set([2])],
    ['a set and a list', new Set([1]), [1]],
    ['URLs', new URL('https://a.example'), new URL('https://b.example')],
    ['a URL and its text', new URL('https://a.example'), 'https://a.example/'],
  ])('distinguishes %s', (_what, one, other) => {
    expect(canonicalPayload(one)).toBeTypeOf('string');
    expect(canonicalPayload(one)).not.toBe(canonicalPayload(other));
  });

  it('takes a rounded number for the bigint it stands for', () => {
    expect(canonicalPayload(2 ** 60)).toBe(canonicalPayload(2n ** 60n));
  });

  it('does not depend on the order of maps and sets', () => {
    const forth = new Map<unknown, unknown>([
      ['a', new Set([1, 2])],
      ['b', 2],
    ]);
    const back = new Map<unknown, unknown>([
      ['b', 2],
      ['a', new Set([2, 1])],
    ]);
    expect(canonicalPayload(forth)).toBe(canonicalPayload(back));
  });

  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['an object of a class', new (class Point {})()],
    ['a regular expression', /a/],
    ['a value that contains itself', self],
    ['a value that is too deep', nested(10_000)],
    ['a value with too many ways', doubling()],
    ['a getter that throws', hostile],
    ['a revoked proxy', revoked()],
    ['a promise', Promise.resolve(1)],
  ])('has none for %s', (_what, value) => {
    expect(canonicalPayload(value)).toBeUndefined();
  });
});
