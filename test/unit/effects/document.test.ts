import { describe, expect, it } from 'vitest';
import { EffectError } from '../../../lib/core/errors/effect-errors.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import { effectOf, problemOf, refusalOf } from './recorders.ts';

const itemOf = (item: object): unknown => {
  const effect = effectOf((effects) => effects.put({ table: 'Orders', item }));
  return effect.kind === 'put' ? effect.item : undefined;
};
const problem = (value: unknown): string =>
  problemOf((effects) => effects.put({ table: 'Orders', item: { id: 'o1', lines: [{ price: value }] } }));

class Order {
  readonly id = 'o1';
}

describe('a plain value', () => {
  it('becomes the attribute value of its type', () => {
    const item = {
      text: '',
      number: -1.5,
      small: 1e-7,
      zero: -0,
      big: 10n ** 38n - 1n,
      long: 10n ** 125n,
      yes: true,
      nothing: null,
      bytes: Buffer.from('abc'),
      strings: new Set(['a', '']),
      numbers: new Set([1, 2n]),
      binaries: new Set([Uint8Array.of(1), Uint8Array.of(2)]),
      list: [1, ['x'], {}],
      map: Object.assign(Object.create(null), { inner: { deep: false } }),
    };
    expect(itemOf(item)).toStrictEqual({
      text: { S: '' },
      number: { N: '-1.5' },
      small: { N: '1e-7' },
      zero: { N: '0' },
      big: { N: '9'.repeat(38) },
      long: { N: `1${'0'.repeat(125)}` },
      yes: { BOOL: true },
      nothing: { NULL: true },
      bytes: { B: Uint8Array.of(97, 98, 99) },
      strings: { SS: ['a', ''] },
      numbers: { NS: ['1', '2'] },
      binaries: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
      list: { L: [{ N: '1' }, { L: [{ S: 'x' }] }, { M: {} }] },
      map: { M: { inner: { M: { deep: { BOOL: false } } } } },
    });
  });

  it('loses undefined members of objects, at every level, and keeps members of any name', () => {
    const parsed: object = JSON.parse('{"id":"o1","__proto__":{"toString":1}}');
    const kept = itemOf({ ...parsed, gone: undefined, map: { gone: undefined } });
    expect(Object.entries(kept ?? {})).toStrictEqual([
      ['id', { S: 'o1' }],
      ['__proto__', { M: { toString: { N: '1' } } }],
      ['map', { M: {} }],
    ]);
  });

  it('takes the sets of ElectroDB and of the old document client', () => {
    class DynamoDBSet {
      readonly wrapperName = 'Set';
      readonly type = 'String';
      readonly values = ['a', 'b'];
    }
    expect(itemOf({ id: 'o1', tags: new DynamoDBSet() })).toEqual({ id: { S: 'o1' }, tags: { SS: ['a', 'b'] } });
  });

  it.each([
    ['NaN', Number.NaN, 'NaN has no form in DynamoDB'],
    ['infinity', -Infinity, '-Infinity has no form in DynamoDB'],
    ['a rounded integer', 2 ** 53, 'a number beyond 2^53 - 1 may have been rounded: give it as a bigint'],
    ['a large number', 1e300, 'a number beyond 2^53 - 1 may have been rounded: give it as a bigint'],
    ['39 digits', 10n ** 38n + 1n, 'the number has more than 38 digits, or is outside the range from 1e-130 to 1e126'],
    ['a small number', 1e-131, 'the number has more than 38 digits, or is outside the range from 1e-130 to 1e126'],
    ['half a pair', 'a\ud800', 'a text with half a surrogate pair has no form in UTF-8'],
    ['a function', () => 1, 'function has no form in DynamoDB'],
    ['a symbol', Symbol('x'), 'symbol has no form in DynamoDB'],
    ['a date', new Date(0), 'must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB'],
    ['a map', new Map(), 'must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB'],
    ['an instance', new Order(), 'must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB'],
    [
      'other bytes',
      new Uint16Array(1),
      'must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB',
    ],
    ['an empty set', new Set(), 'an empty set has no form in DynamoDB'],
    ['a mixed set', new Set([1, 'a']), 'a set holds either strings, numbers or bytes'],
    ['a set of booleans', new Set([true]), 'a set holds either strings, numbers or bytes'],
    ['a number twice', new Set([1, 1n]), 'a set holds nothing twice'],
    ['bytes twice', new Set([Uint8Array.of(1), Uint8Array.of(1)]), 'a set holds nothing twice'],
    ['a member without a name', { '': 1 }, 'has an attribute without a name'],
  ])('is refused where it has no exact form: %s', (_, value, why) => {
    expect(problem(value)).toBe(`item.lines[0].price: ${why}`);
  });

  it('is refused for an undefined element and a hole: as null they would be another value', () => {
    expect(problem([1, undefined])).toBe('item.lines[0].price[1]: undefined has no form in DynamoDB');
    expect(problem(new Array(1))).toBe('item.lines[0].price[0]: undefined has no form in DynamoDB');
    expect(problem(new Set([undefined]))).toBe('item.lines[0].price[0]: undefined has no form in DynamoDB');
  });

  it('is refused where it contains itself', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(problem(cyclic)).toMatch(/^item\.lines\[0\]\.price\.self.*: contains itself, or is nested deeper than 32/);
  });

  it('may be nested as deep as DynamoDB takes it', () => {
    const nested = (levels: number): unknown => (levels === 0 ? new Set([1]) : [nested(levels - 1)]);
    expect(itemOf({ id: 'o1', deep: nested(31) })).toBeDefined();
    expect(() => itemOf({ id: 'o1', deep: nested(32) })).toThrow('nested deeper than 32 levels');
  });
});

describe('a refusal', () => {
  const refusal = refusalOf((effects) => {
    effects.delete({ table: 'Orders', key: { id: 1 } });
    effects.put({ table: 'Orders', item: { id: 'secret', lines: [{ price: Number.NaN }] } });
  });

  it('names the record, the effect and the property, and is not tried again', () => {
    expect(refusal).toBeInstanceOf(UnprocessableRecordError);
    expect(refusal.message).toBe(
      'orders-3@42: effects[1] (put "Orders"): item.lines[0].price: NaN has no form in DynamoDB',
    );
    expect(refusal).toMatchObject({
      name: 'EffectError',
      index: 1,
      kind: 'put',
      table: 'Orders',
      property: 'item.lines[0].price',
    });
  });

  it('is bounded however long the names of members are', () => {
    const { message } = refusalOf((effects) =>
      effects.put({ table: 'Orders', item: { id: 'o1', ['n'.repeat(10_000)]: Number.NaN } }),
    );
    expect(message.length).toBeLessThan(400);
  });

  it('is an EffectError for anything that is no object', () => {
    for (const given of [undefined, null, 'text', ['x']]) {
      const error = refusalOf((effects) => Reflect.apply(effects.put, effects, [given]));
      expect(error).toBeInstanceOf(EffectError);
      expect(error.message).toBe('orders-3@42: effects[0] (put ""): takes an object');
    }
  });
});
