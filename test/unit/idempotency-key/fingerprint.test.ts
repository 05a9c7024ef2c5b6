import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/core/errors/errors.ts';
import {
  compileFingerprint,
  type FingerprintSetting,
  fingerprintOf,
} from '../../../lib/core/idempotency-key/fingerprint.ts';
import { decoded, received } from './records.ts';

function fingerprint(value: unknown, setting: FingerprintSetting<unknown, unknown> = true, raw?: string): unknown {
  const selector = compileFingerprint(setting, 'fingerprint');
  return fingerprintOf(decoded(value), received({ value: raw ?? null }), selector, 'sha256');
}

describe('fingerprintOf', () => {
  it('covers the decoded value, not how it was written', () => {
    expect(fingerprint({ a: 1, b: 2 }, true, 'AAAA')).toBe(fingerprint({ b: 2, a: 1 }, true, 'AAEC'));
    expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: 2 }));
    expect(fingerprint({ a: 1 })).toMatch(/^[\w-]{43}$/);
  });

  it('is there for a tombstone too', () => {
    expect(fingerprint(null)).toMatch(/^[\w-]{43}$/);
    expect(fingerprint(null)).not.toBe(fingerprint({}));
  });

  it('is none where it is switched off', () => {
    expect(fingerprint({ a: 1 }, false)).toBeUndefined();
  });

  it('covers what a path expression or a function selects', () => {
    for (const setting of ['value.amount', '[value.amount]', (record: { value: unknown }) => record.value]) {
      expect(fingerprint({ amount: 5 }, setting)).not.toBe(fingerprint({ amount: 6 }, setting));
    }
    expect(fingerprint({ amount: 5, at: 1 }, 'value.amount')).toBe(fingerprint({ amount: 5, at: 2 }, 'value.amount'));
  });

  it('stays what it was in earlier versions, or every duplicate would be a mismatch', () => {
    expect([fingerprint({ b: [1, 'x', null], a: 2n }), fingerprint(null)]).toMatchInlineSnapshot(`
      [
        "5iUnMV0NhtzZdUKMyAb2KRQm4kxwtjJl4Yq-U2nmEaI",
        "7Is1DhI_tUZ2S4q0Hje9Cr9n_bo1cIl8WB_X7KKp5C8",
      ]
    `);
  });

  it.each([
    ['numbers beyond 2^53', 2 ** 60],
    ['dates', new Date(5)],
    ['maps', new Map([['a', 1]])],
    ['NaN', Number.NaN],
    ['bytes', Uint8Array.of(1)],
  ])('has a stable form for %s', (_what, value) => {
    expect(fingerprint({ value }, true, 'AAAA')).toBe(fingerprint({ value: value }, true, 'AAEC'));
  });

  it('falls back on the bytes of the value for what has no stable form', () => {
    const made = () => new (class Money {})();
    expect(fingerprint(made(), true, 'AAAA')).toBe(fingerprint(made(), true, 'AAAA'));
    expect(fingerprint(made(), true, 'AAAA')).not.toBe(fingerprint(made(), true, 'AAEC'));
  });

  it('passes on what a function throws, so that it is seen', () => {
    const setting = () => {
      throw new RangeError('a mistake');
    };
    expect(() => fingerprint(1, setting)).toThrow(RangeError);
  });

  it('under md5 has a form for what Powertools has none for', () => {
    const selector = compileFingerprint<unknown, unknown>(true, 'fingerprint');
    const of = (value: unknown) => fingerprintOf(decoded(value), received(), selector, 'md5');
    expect(of(new Date(5))).not.toBe(of(new Date(6)));
    expect(of({ a: 1 })).toHaveLength(24);
  });
});

describe('compileFingerprint', () => {
  it.each([[undefined], [null], [5], [{}], ['value.'], ['amount'], ['value[*]'], [{ kind: 'expression' }]])(
    'refuses %j',
    (setting) => {
      const compile = () => Reflect.apply(compileFingerprint, undefined, [setting, 'fingerprint']);
      expect(compile).toThrow(ConfigurationError);
      expect(compile).toThrow(/^fingerprint: /);
    },
  );
});
