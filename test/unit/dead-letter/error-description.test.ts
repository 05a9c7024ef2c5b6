import { describe, expect, it } from 'vitest';
import { describeError } from '../../../lib/core/dead-letter/error-description.ts';

class Refused extends Error {}

describe('the description of what was thrown', () => {
  it.each([
    ['a string', 'oops', 'string', 'oops'],
    ['a number', 7, 'number', '7'],
    ['a bigint', 7n, 'bigint', '"[bigint 7]"'],
    ['undefined', undefined, 'undefined', '"[undefined]"'],
    ['null', null, 'null', 'null'],
    ['a symbol', Symbol('s'), 'symbol', 'Symbol(s)'],
    ['an object', { code: 5 }, 'Object', '{"code":5}'],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), 'object', '{"a":1}'],
    ['an object with a message that is no string', { message: 5 }, 'Object', '{"message":5}'],
    ['an error whose name is empty', Object.assign(new Refused('no'), { name: '' }), 'Refused', 'no'],
    ['an error', new RangeError('far'), 'RangeError', 'far'],
  ])('names %s', (_, thrown, name, message) => {
    expect(describeError(thrown)).toMatchObject({ name, message });
  });

  it('answers for errors whose properties throw', () => {
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new Error('not yours');
      },
      getPrototypeOf() {
        throw new Error('not yours');
      },
    });
    expect(describeError(hostile)).toEqual({ name: 'object', message: '{}', stack: undefined, causes: [] });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(describeError(proxy)).toMatchObject({ name: 'object', message: '"[unreadable]"' });
  });

  it('bounds message, name and stack', () => {
    const error = new Error('m'.repeat(10_000_000));
    error.name = 'n'.repeat(1000);
    const { name, message, stack } = describeError(error);
    expect(message).toBe(`${'m'.repeat(1000)} [cut off, 10000000 characters in all]`);
    expect(name).toHaveLength(200 + ' [cut off, 1000 characters in all]'.length);
    expect(stack).toMatch(/^ {4}at /);
    expect(stack?.length).toBeLessThan(2100);
  });

  it('keeps three causes of a chain, be it a ring', () => {
    const first = new Error('first');
    const second = new TypeError('second', { cause: first });
    first.cause = second;
    expect(describeError(first).causes).toEqual([
      { name: 'TypeError', message: 'second' },
      { name: 'Error', message: 'first' },
      { name: 'TypeError', message: 'second' },
    ]);
  });
});
