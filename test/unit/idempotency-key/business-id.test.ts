import { describe, expect, it } from 'vitest';
import { BusinessIdError, ConfigurationError } from '../../../lib/core/errors/errors.ts';
import {
  type BusinessId,
  compileBusinessId,
  contentHash,
  header,
} from '../../../lib/core/idempotency-key/business-id.ts';
import { isMissingId } from '../../../lib/core/idempotency-key/missing-id.ts';
import type { KafkaRecord } from '../../../lib/core/record.ts';
import { decoded, received } from './records.ts';

function idOf(businessId: BusinessId<unknown, unknown>, record: KafkaRecord<unknown, unknown>): unknown {
  return compileBusinessId(businessId, 'businessId')(record, received());
}

describe('isMissingId', () => {
  it.each([
    [undefined],
    [null],
    [''],
    [[]],
    [{}],
    [new Uint8Array(0)],
    [['a', null]],
    [['a', undefined]],
    [['a', '']],
    [['a', ['b', null]]],
    [{ a: undefined, b: 1 }],
    [{ a: null, b: '' }],
    [{ a: [], b: {} }],
  ])('takes %j for nothing', (id) => {
    expect(isMissingId(id)).toBe(true);
  });

  it.each([
    [0],
    [false],
    [0n],
    ['0'],
    [' '],
    [Number.NaN],
    [[0]],
    [[false, 0]],
    [{ a: 0 }],
    [{ a: null, b: 1 }],
    [Uint8Array.of(0)],
    [new Date(0)],
    [new Map()],
  ])('takes %s for something', (id) => {
    expect(isMissingId(id)).toBe(false);
  });
});

describe('isMissingId, of IDs that have no canonical form', () => {
  it('comes to an end where an ID contains itself or one part many times', () => {
    const self: unknown[] = ['a'];
    self.push(self, self, self);
    expect(isMissingId(self)).toBe(false);
    let doubled: unknown = ['a'];
    for (let level = 0; level < 60; level += 1) doubled = [doubled, doubled];
    expect(isMissingId(doubled)).toBe(false);
  });

  it('comes to an end where an ID is deep', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}1${']'.repeat(100_000)}`);
    expect(isMissingId(deep)).toBe(false);
  });
});

describe('a path expression as business ID', () => {
  const record = decoded(
    { orderId: 'o-1', tenant: 't', big: 12345678901234567890n, items: [{ sku: 'a' }, { sku: 'b' }] },
    {
      key: 'customer-1',
      headers: [
        { name: 'x-event-id', value: new TextEncoder().encode('e-0') },
        { name: 'x-event-id', value: new TextEncoder().encode('e-1') },
        { name: 'binary', value: Uint8Array.of(255) },
        { name: '__proto__', value: Uint8Array.of(65) },
      ],
    },
  );

  it.each([
    ['value.orderId', 'o-1'],
    ['[value.tenant, value.orderId]', ['t', 'o-1']],
    ['{tenant: value.tenant, order: value.orderId}', { tenant: 't', order: 'o-1' }],
    ['value.big', 12345678901234567890n],
    ['[value.big, topic]', [12345678901234567890n, 'orders']],
    ['value.{tenant: tenant, order: orderId}', { tenant: 't', order: 'o-1' }],
    ['value.items[-1].sku', 'b'],
    ['@.value.orderId', 'o-1'],
    ['key', 'customer-1'],
    ['[topic, partition, offset, timestampMs]', ['orders', 0, 7, 1763600000000]],
    ['headers."x-event-id"', 'e-1'],
    ['headers.binary', Uint8Array.of(255)],
    ['headers."__proto__"', 'A'],
  ])('%s selects', (expression, id) => {
    expect(idOf(expression, record)).toEqual(id);
  });

  it.each([
    ['value.orderID'],
    ['[value.tenant, value.orderID]'],
    ['{tenant: value.tenant, order: value.orderID}'],
    ['value.{tenant: tenant, order: orderID}'],
    ['headers.other'],
    ['value.items[2]'],
    ['value.items.sku'],
    ['value.constructor'],
    ['value.toString.name'],
    ['headers.hasOwnProperty'],
    ['value.orderId.id'],
  ])('%s finds nothing', (expression) => {
    expect(isMissingId(idOf(expression, record))).toBe(true);
  });

  it.each([['value.orderId'], ['[value.tenant, value.orderId]'], ['value.[tenant, orderId]'], ['value']])(
    '%s finds nothing in a tombstone',
    (expression) => {
      expect(isMissingId(idOf(expression, decoded(null)))).toBe(true);
    },
  );

  it('keeps an object of the record whose members are partly null', () => {
    expect(isMissingId(idOf('value.id', decoded({ id: { a: 'x', b: null } })))).toBe(false);
  });

  it.each([
    ['a syntax error', 'value.'],
    ['nothing', ''],
    ['more than a path', 'value.items[*].sku'],
    ['a path that no record has', 'orderId'],
    ['such a path in a composite', '[value.tenant, orderId]'],
    ['such a path in an object', '{a: orderId}'],
    ['such a path from the record', '@.orderId'],
    ['an index of the record', '[0].orderId'],
    ['a header name without quotes', 'headers.x-event-id'],
  ])('with %s is refused when the handler is made', (_what, expression) => {
    expect(() => compileBusinessId(expression, 'businessId')).toThrow(ConfigurationError);
    expect(() => compileBusinessId(expression, 'businessId')).toThrow(/^businessId: /);
  });

  it('that starts from a name which records do not have is told the likely one', () => {
    expect(() => compileBusinessId('orderId', 'businessId')).toThrow(/no 'orderId' .* did you mean 'value.orderId'/);
  });

  it('that meets something unreadable makes the record unprocessable, without its contents', () => {
    const value = Object.defineProperty({}, 'id', { get: () => expect.fail('secret') });
    const failing = () => idOf('value.id', decoded(value));
    expect(failing).toThrow(BusinessIdError);
    expect(failing).not.toThrow('secret');
  });
});

describe('header(name)', () => {
  const record = decoded(null, {
    headers: [
      { name: 'id', value: Uint8Array.of(65) },
      { name: 'id', value: Uint8Array.of(66) },
      { name: 'binary', value: Uint8Array.of(255) },
      { name: 'empty', value: new Uint8Array(0) },
    ],
  });

  it('is the text of the last header with that name', () => {
    expect(idOf(header('id'), record)).toBe('B');
  });

  it('is bytes where they are no text, so that two never become one', () => {
    expect(idOf(header('binary'), record)).toEqual(Uint8Array.of(255));
  });

  it('is nothing where the header is absent or empty', () => {
    expect(isMissingId(idOf(header('other'), record))).toBe(true);
    expect(isMissingId(idOf(header('empty'), record))).toBe(true);
  });

  it('needs a name', () => {
    expect(() => compileBusinessId(header(''), 'businessId')).toThrow(ConfigurationError);
  });
});

describe('contentHash()', () => {
  const hashOf = compileBusinessId<unknown, unknown>(contentHash(), 'businessId');

  it('depends on the bytes of key and value and on nothing else', () => {
    const id = hashOf(decoded(1), received({ key: 'AAAA', value: 'AAEC' }));
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(hashOf(decoded(2), received({ key: 'AAAA', value: 'AAEC', offset: 9, headers: [{ a: [1] }] }))).toBe(id);
    expect(hashOf(decoded(1), received({ key: 'AAEC', value: 'AAAA' }))).not.toBe(id);
    expect(hashOf(decoded(1), received({ key: null, value: 'AAEC' }))).not.toBe(id);
    expect(hashOf(decoded(1), received({ key: 'AAAA', value: '' }))).not.toBe(id);
  });

  it('is nothing for a tombstone: deleting twice is two records', () => {
    expect(isMissingId(hashOf(decoded(null), received({ key: 'AAAA' })))).toBe(true);
  });
});

describe('compileBusinessId', () => {
  it.each([[contentHash], [header]])('refuses %o that was not called: all records would have one ID', (uncalled) => {
    expect(() => Reflect.apply(compileBusinessId, undefined, [uncalled, 'businessId'])).toThrow(
      /businessId: .*call it/,
    );
  });

  it('takes a function as it is', () => {
    const id = compileBusinessId<{ id: string }, Uint8Array>(({ value }) => value?.id, 'businessId');
    expect(id({ ...decoded(null), value: { id: 'x' }, key: null }, received())).toBe('x');
  });

  it.each([[undefined], [null], [5], [[]], [{}], [{ kind: 'cookie' }], [{ kind: 'header' }], [{ kind: 'expression' }]])(
    'refuses %j',
    (other) => {
      expect(() => Reflect.apply(compileBusinessId, undefined, [other, 'businessId'])).toThrow(ConfigurationError);
    },
  );
});
