import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../lib/testing/index.ts';

const made = () =>
  memoryStore({
    tables: {
      Orders: { partitionKey: 'orderId' },
      Stock: { partitionKey: 'sku', sortKey: { name: 'place', type: 'N' } },
    },
  });

describe('the tables of a memory store', () => {
  it('hold items of plain values', () => {
    const store = made();
    const item = {
      orderId: 'o-1',
      text: 'Grüße',
      whole: 7,
      part: 0.1,
      large: 12345678901234567890n,
      yes: true,
      nothing: null,
      bytes: Uint8Array.of(0, 255),
      list: [1, 'a', { deep: [] }],
      texts: new Set(['a', 'b']),
      numbers: new Set([1, 2.5]),
      blobs: new Set([Uint8Array.of(1)]),
    };
    store.putItem('Orders', { ...item, absent: undefined });
    expect(store.item('Orders', { orderId: 'o-1' })).toEqual(item);
    expect(store.items('Orders')).toEqual([item]);
    expect(store.item('Orders', { orderId: 'o-2' })).toBeUndefined();
    expect(store.items('Stock')).toEqual([]);
  });

  it('tell numbers that JavaScript cannot hold by their text, and exactly in the raw form', () => {
    const store = made();
    store.putItem('Orders', { orderId: 'o-1', large: 2n ** 53n, small: 1e-7, huge: 10n ** 25n });
    expect(store.item('Orders', { orderId: 'o-1' })).toEqual({
      orderId: 'o-1',
      large: 2n ** 53n,
      small: 1e-7,
      huge: 10n ** 25n,
    });
    expect(store.rawItem('Orders', { orderId: 'o-1' })).toEqual({
      orderId: { S: 'o-1' },
      large: { N: '9007199254740992' },
      small: { N: '0.0000001' },
      huge: { N: '10000000000000000000000000' },
    });
    expect(store.rawItem('Orders', { orderId: 'o-2' })).toBeUndefined();
  });

  it('keep a copy, of what is put and of what is read', () => {
    const store = made();
    const item = { orderId: 'o-1', list: [1], bytes: Uint8Array.of(1) };
    store.putItem('Orders', item);
    item.list.push(2);
    item.bytes[0] = 9;
    const read = store.item('Orders', { orderId: 'o-1' });
    expect(read).toEqual({ orderId: 'o-1', list: [1], bytes: Uint8Array.of(1) });
    Object.assign(read ?? {}, { list: [] });
    expect(store.item('Orders', { orderId: 'o-1' })).toMatchObject({ list: [1] });
  });

  it('know an item by its whole key, and replace it', () => {
    const store = made();
    store.putItem('Stock', { sku: 's', place: 1, left: 1 });
    store.putItem('Stock', { sku: 's', place: 2, left: 2 });
    store.putItem('Stock', { sku: 's', place: 1.0, left: 3 });
    expect(store.items('Stock')).toEqual([
      { sku: 's', place: 1, left: 3 },
      { sku: 's', place: 2, left: 2 },
    ]);
    expect(store.item('Stock', { place: 2, sku: 's' })).toEqual({ sku: 's', place: 2, left: 2 });
  });

  it('tell keys apart that look alike when they are written one after the other', () => {
    const store = memoryStore({ tables: { Pairs: { partitionKey: 'a', sortKey: 'b' } } });
    store.putItem('Pairs', { a: 'x/y', b: 'z' });
    store.putItem('Pairs', { a: 'x', b: 'y/z' });
    expect(store.items('Pairs')).toHaveLength(2);
  });

  it('take attributes with the names that objects of JavaScript have by themselves', () => {
    const store = made();
    store.putItem('Orders', { orderId: 'o-1', ['__proto__']: 'p', constructor: 'c' });
    expect(store.rawItem('Orders', { orderId: 'o-1' })).toHaveProperty('constructor', { S: 'c' });
    expect(Object.keys(store.item('Orders', { orderId: 'o-1' }) ?? {})).toEqual([
      'orderId',
      '__proto__',
      'constructor',
    ]);
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  it.each([
    ['without a key', { amount: 1 }, 'orderId is missing'],
    ['with a key of another type', { orderId: 1 }, 'orderId must be of type S'],
    ['with an empty key', { orderId: '' }, 'orderId is empty'],
    ['with a key that is too long', { orderId: 'k'.repeat(2_049) }, 'orderId has over 2048 bytes'],
    ['over 400 KB', { orderId: 'o', text: 'x'.repeat(409_600) }, 'over 400 KB'],
    ['with NaN', { orderId: 'o', of: Number.NaN }, 'NaN has no form'],
    ['with a function', { orderId: 'o', of: () => 1 }, 'function has no form'],
    ['with a date', { orderId: 'o', of: new Date(0) }, 'item.of: must be a plain object'],
    ['with an empty set', { orderId: 'o', of: new Set() }, 'an empty set'],
    ['with a mixed set', { orderId: 'o', of: new Set([1, 'a']) }, 'either strings, numbers or bytes'],
    ['that contains itself', { orderId: 'o', of: cyclic }, 'contains itself'],
    [
      'that is too deep',
      { orderId: 'o', of: JSON.parse(`${'['.repeat(32)}${']'.repeat(32)}`) },
      'deeper than 32 levels',
    ],
    ['with an attribute without a name', { orderId: 'o', '': 1 }, 'without a name'],
  ])('refuse an item %s', (_, item, problem) => {
    const store = made();
    expect(() => store.putItem('Orders', item)).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(() => store.putItem('Orders', item)).toThrow(problem);
    expect(store.items('Orders')).toEqual([]);
  });

  it('refuse a key that is none, and a table that there is not', () => {
    const store = made();
    expect(() => store.item('Stock', { sku: 's' })).toThrow('tables.Stock: the key attribute place is missing');
    expect(() => store.item('Orders', { orderId: 'o', more: 1 })).toThrow('no key attributes');
    for (const look of [
      () => store.item('Others', {}),
      () => store.items('Others'),
      () => store.putItem('Others', {}),
    ]) {
      expect(look).toThrow('Memory store: there is no table "Others". Add it to the option tables');
      expect(look).toThrow('; the idempotency table takes no effects.');
    }
  });

  it.each([
    ['an empty name', { partitionKey: '' }, 'tables.T.partitionKey'],
    ['one name twice', { partitionKey: 'a', sortKey: 'a' }, 'tables.T.sortKey'],
    ['a type that is none', { partitionKey: { name: 'a', type: 'X' } }, 'tables.T.partitionKey'],
    ['no partition key', {}, 'tables.T.partitionKey: must be a name'],
    ['null for a key', { partitionKey: 'a', sortKey: null }, 'tables.T.sortKey'],
    ['null for a table', null, 'tables.T: must be'],
    ['the name of a key for a table', 'orderId', 'tables.T: must be'],
  ])('are not made with %s', (_, table, property) => {
    const make = () => Reflect.construct(memoryStore().constructor as never, [{ tables: { T: table } }]);
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    expect(make).toThrow(property);
  });
});
