import { describe, expect, it } from 'vitest';
import { BusinessIdError, ConfigurationError } from '../../../lib/core/errors/errors.ts';
import { compileBusinessId } from '../../../lib/core/idempotency-key/business-id.ts';
import { compileFingerprint, fingerprintOf } from '../../../lib/core/idempotency-key/fingerprint.ts';
import { isMissingId } from '../../../lib/core/idempotency-key/missing-id.ts';
import type { KafkaRecord } from '../../../lib/core/record.ts';
import { jmespath } from '../../../lib/jmespath/index.ts';
import { decoded, received } from '../idempotency-key/records.ts';

function idOf(expression: string, record: KafkaRecord<unknown, unknown>): unknown {
  return compileBusinessId<unknown, unknown>(jmespath(expression), 'businessId')(record, received());
}

describe('jmespath(…) as business ID', () => {
  const record = decoded(
    { orderId: 'o-1', tenant: 't', big: 12345678901234567890n, items: [{ sku: 'a' }, { sku: 'b' }] },
    { key: 'customer-1', headers: [{ name: 'x-event-id', value: new TextEncoder().encode('e-1') }] },
  );

  it.each([
    ['value.orderId', 'o-1'],
    ['[value.tenant, value.orderId]', ['t', 'o-1']],
    ['{tenant: value.tenant, order: value.orderId}', { tenant: 't', order: 'o-1' }],
    ['[value.big, topic]', [12345678901234567890n, 'orders']],
    ['value.items[*].sku', ['a', 'b']],
    ['value | items[0].sku', 'a'],
    ['headers."x-event-id"', 'e-1'],
    ['$.value.orderId', 'o-1'],
    ['let $v = value in [$v.tenant, $v.orderId]', ['t', 'o-1']],
    ["join('-', [value.tenant, value.orderId])", 't-o-1'],
    ["value.tenant == 't' && value.orderId", 'o-1'],
  ])('%s selects', (expression, id) => {
    expect(idOf(expression, record)).toEqual(id);
  });

  it.each([
    ['value.orderID'],
    ['[value.tenant, value.orderID]'],
    ['{tenant: value.tenant, order: value.orderID}'],
    ['value.{tenant: tenant, order: orderID}'],
    ['value | {tenant: tenant, order: orderID}'],
    ['let $v = value in {tenant: $v.tenant, order: $v.orderID}'],
    ["value.items[?sku=='c']"],
    ['value.orderId.id'],
  ])('%s finds nothing', (expression) => {
    expect(isMissingId(idOf(expression, record))).toBe(true);
  });

  it('keeps an object of the record whose members are partly null', () => {
    expect(isMissingId(idOf('value.id', decoded({ id: { a: 'x', b: null } })))).toBe(false);
  });

  it('that meets a wrong type makes the record unprocessable, without its contents', () => {
    const failing = () => idOf('abs(value.name)', decoded({ name: 'secret' }));
    expect(failing).toThrow(BusinessIdError);
    expect(failing).toThrow('orders-0@7: a function or operator in businessId met a type that it does not take.');
  });

  it.each([
    ['a syntax error', 'value.'],
    ['nothing', ''],
    ['an unknown function', 'uuid(value)'],
    ['an unknown function that is seldom reached', "value.a == 'x' && uuid(value)"],
    ['a wrong number of arguments', 'length()'],
    ['an unset variable', '[$id, value.a]'],
    ['a path that no record has', 'orderId'],
    ['such a path in a composite', '[value.tenant, orderId]'],
    ['such a path in an object', '{a: orderId}'],
    ['such a path from the root', '$.orderId'],
    ['such a path in a function', 'lower(orderId)'],
    ['such a path in a filter of the record', 'orders[?id]'],
    ['a header name without quotes', 'headers.x-event-id'],
  ])('with %s is refused when the handler is made', (_what, expression) => {
    expect(() => compileBusinessId(jmespath(expression), 'businessId')).toThrow(ConfigurationError);
    expect(() => compileBusinessId(jmespath(expression), 'businessId')).toThrow(/^businessId: /);
  });

  it('may use any path below the record', () => {
    for (const expression of [
      'value.items[?id].sku',
      'sort_by(value.items, &sku)[0].sku',
      'value.*.id',
      'map(&id, key)',
    ]) {
      expect(() => compileBusinessId(jmespath(expression), 'businessId')).not.toThrow();
    }
  });
});

describe('jmespath(…) as fingerprint', () => {
  function fingerprint(value: unknown, expression: string, raw: string): unknown {
    const selector = compileFingerprint<unknown, unknown>(jmespath(expression), 'fingerprint');
    return fingerprintOf(decoded(value), received({ value: raw }), selector, 'sha256');
  }

  it('covers what it selects', () => {
    const of = (value: unknown) => fingerprint(value, 'sum(value.amounts)', 'AAAA');
    expect(of({ amounts: [1, 2] })).toBe(of({ amounts: [3] }));
    expect(of({ amounts: [1, 2] })).not.toBe(of({ amounts: [4] }));
  });

  it('falls back on the bytes of the value where it meets a wrong type', () => {
    expect(fingerprint({ n: 'x' }, 'abs(value.n)', 'AAAA')).toBe(fingerprint({ n: 'y' }, 'abs(value.n)', 'AAAA'));
    expect(fingerprint({ n: 'x' }, 'abs(value.n)', 'AAAA')).not.toBe(fingerprint({ n: 'x' }, 'abs(value.n)', 'AAEC'));
  });

  it('is refused under the name of its option', () => {
    expect(() => compileFingerprint(jmespath('value.'), 'fingerprint')).toThrow(
      /^fingerprint: 'value.' is no JMESPath/,
    );
  });
});
