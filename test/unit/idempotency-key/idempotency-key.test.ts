import { describe, expect, it } from 'vitest';
import { BusinessIdError, ConfigurationError } from '../../../lib/core/errors/errors.ts';
import {
  checkKeySettings,
  fallbackKey,
  holdKey,
  type KeySettings,
  recordKey,
} from '../../../lib/core/idempotency-key/idempotency-key.ts';
import { received } from './records.ts';

const settings: KeySettings = {
  namespace: 'billing',
  clusterLabel: 'main',
  scope: 'topic',
  hash: 'sha256',
  onMissingBusinessId: 'fallback',
};

function keyOf(id: unknown, over: Partial<KeySettings> = {}, topic = 'orders'): string {
  return recordKey(id, received({ topic }), { ...settings, ...over }).idempotencyKey;
}

describe('recordKey', () => {
  it('is the namespace and a SHA-256', () => {
    expect(recordKey('o-1', received(), settings)).toEqual({
      kind: 'businessId',
      idempotencyKey: expect.stringMatching(/^billing#[\w-]{43}$/),
    });
  });

  it('stays what it was in earlier versions, or every effect would be repeated', () => {
    expect([
      keyOf('o-1'),
      keyOf(['t', 12n, { b: 1, a: Uint8Array.of(1) }]),
      keyOf('o-1', { scope: 'namespace' }),
      keyOf('o-1', { scope: 'namespace', hash: 'md5' }),
      keyOf(null),
      fallbackKey(received({ timestampMs: undefined }), settings),
      fallbackKey(received({ timestampMs: 0 }), settings),
    ]).toMatchInlineSnapshot(`
      [
        "billing#WZ0l3LjDyq5eaPGIXyMSJvzQRLBJOaVzKRwUAsOi03g",
        "billing#rK7S_VM7B21PD0R4YHPFXZ8vVouxEbJlET-WISeMZLg",
        "billing#15gb1ddFLLOMvAehsljp-Srj0IFbuRToFdpxt3JCm7c",
        "billing#y8vblI3ha/5+SagfkVAKsQ==",
        "billing#QG-gvfox3Gai5ao2u9SK7ztt5nLCGw0n2t2o8XKU45Y",
        "billing#P03oJZIzRot8fYUUJ5if5zc1e_wEGz4ncYDt-M2d7_A",
        "billing#ZhPuEnPVe-vjc88HiyX7Ssg1KuSttwjFmk68zktnc9A",
      ]
    `);
  });

  it('does not depend on where the record stands, within its topic', () => {
    const elsewhere = received({ partition: 5, offset: 99, timestampMs: 1 });
    expect(recordKey('o-1', elsewhere, settings)).toEqual(recordKey('o-1', received(), settings));
  });

  it('tells topics apart, unless the scope is the namespace', () => {
    expect(keyOf('o-1', {}, 'placed')).not.toBe(keyOf('o-1', {}, 'cancelled'));
    expect(keyOf('o-1', { scope: 'namespace' }, 'placed')).toBe(keyOf('o-1', { scope: 'namespace' }, 'cancelled'));
    expect(keyOf('o-1', { scope: 'namespace' })).not.toBe(keyOf('o-1'));
  });

  it('tells namespaces apart, whatever their names', () => {
    expect(keyOf('o-1', { namespace: 'a' })).not.toBe(keyOf('o-1', { namespace: 'b' }));
    const [inner] = keyOf('x', { namespace: 'a' }).split('#').slice(1);
    expect(keyOf('o-1', { namespace: `a#${inner}` })).not.toBe(keyOf('x', { namespace: 'a' }));
  });

  it('is the same whether integers are decoded exactly or not', () => {
    expect(keyOf(['t', 12n])).toBe(keyOf(['t', 12]));
  });

  it.each([[undefined], [null], [''], [[]], [['o-1', null]]])('falls back on the coordinates for %j', (id) => {
    expect(recordKey(id, received(), settings)).toEqual({
      kind: 'fallback',
      idempotencyKey: fallbackKey(received(), settings),
    });
  });

  it("refuses a missing ID under 'reject', naming the record", () => {
    const rejecting = () => keyOf(null, { onMissingBusinessId: 'reject' });
    expect(rejecting).toThrow(BusinessIdError);
    expect(rejecting).toThrow('orders-0@7: the record has no business ID.');
  });

  it.each([
    [2 ** 53],
    [Number.NaN],
    [() => 'secret'],
    [new Map([['secret', 1]])],
    [[new Proxy({}, throwing('secret'))]],
  ])('refuses an ID without an exact form (%#)', (id) => {
    expect(() => keyOf(id)).toThrow(BusinessIdError);
    expect(() => keyOf(id)).toThrow('orders-0@7: ');
    expect(() => keyOf(id)).not.toThrow(/secret/);
  });
});

function throwing(text: string): ProxyHandler<object> {
  return {
    ownKeys() {
      throw new Error(text);
    },
  };
}

describe('fallbackKey', () => {
  const at = (over: Parameters<typeof received>[0], label = 'main'): string =>
    fallbackKey(received(over), { ...settings, clusterLabel: label });

  it('depends on all that tells a record from others', () => {
    const keys = [
      at({}),
      at({ topic: 'payments' }),
      at({ partition: 1 }),
      at({ offset: 8 }),
      at({ timestampMs: 1 }),
      at({ timestampMs: undefined }),
      at({}, 'other'),
      at({ topic: 'orders-0', partition: 7, offset: 0 }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is another one after a topic was deleted and made again', () => {
    expect(at({ offset: 0, timestampMs: 1000 })).not.toBe(at({ offset: 0, timestampMs: 2000 }));
  });

  it('is out of reach of a business ID that is made of the same parts', () => {
    const { topic, partition, offset, timestampMs } = received();
    const parts = [settings.clusterLabel, topic, partition, offset, timestampMs];
    for (const scope of ['topic', 'namespace'] as const) {
      for (const id of [parts, parts.join(), `coordinates\n${JSON.stringify(parts)}`]) {
        expect(keyOf(id, { scope })).not.toBe(fallbackKey(received(), { ...settings, scope }));
      }
    }
  });

  it('is out of reach of a topic with a telling name', () => {
    expect(keyOf('x', { scope: 'topic' }, 'businessId')).not.toBe(keyOf('x', { scope: 'namespace' }, 'businessId'));
  });

  it('stays a SHA-256 beside keys of Powertools', () => {
    expect(fallbackKey(received(), { ...settings, hash: 'md5', scope: 'namespace' })).toBe(at({}));
  });
});

describe('checkKeySettings', () => {
  it('takes good settings', () => {
    checkKeySettings(settings);
    checkKeySettings({ ...settings, hash: 'md5', scope: 'namespace', namespace: 'a#b, ü' });
  });

  it.each([
    ['namespace', { namespace: '' }],
    ['namespace', { namespace: ' a' }],
    ['namespace', { namespace: 'a'.repeat(513) }],
    ['namespace', { namespace: '\ud800' }],
    ['namespace', { namespace: undefined }],
    ['clusterLabel', { clusterLabel: '' }],
    ['clusterLabel', { clusterLabel: 5 }],
    ['scope', { scope: 'cluster' }],
    ['hash', { hash: 'sha1' }],
    ['hash', { hash: 'md5' }],
    ['onMissingBusinessId', { onMissingBusinessId: 'ignore' }],
  ])('refuses a wrong %s', (property, over) => {
    const check = () => Reflect.apply(checkKeySettings, undefined, [{ ...settings, ...over }]);
    expect(check).toThrow(ConfigurationError);
    expect(check).toThrow(expect.objectContaining({ property }));
  });
});

describe('holdKey', () => {
  it('stays what it was in earlier versions, or held keys would be released', () => {
    expect(holdKey({ topic: 'orders', key: 'a2V5' }, settings)).toMatchInlineSnapshot(
      `"billing#Pchrbm1snpwAz6KMSOM2Ce4QgSafWrbtVhm93cQ6lkc"`,
    );
  });

  it('tells namespaces, clusters, topics and Kafka keys apart, and nothing else', () => {
    const hold = (over: Partial<KeySettings>, topic = 'orders', key = 'a2V5') =>
      holdKey({ topic, key }, { ...settings, ...over });
    const all = [
      hold({}),
      hold({ namespace: 'other' }),
      hold({ clusterLabel: 'other' }),
      hold({}, 'other'),
      hold({}, 'orders', 'b2s='),
    ];
    expect(new Set(all).size).toBe(all.length);
    const elsewhere = received({ partition: 5, offset: 99, timestampMs: 1, key: 'a2V5' });
    expect(holdKey(elsewhere, { ...settings, hash: 'md5', scope: 'namespace' })).toBe(hold({}));
  });

  it.each(['topic', 'namespace'] as const)('is no key that a business ID can reach (scope %s)', (scope) => {
    const held = holdKey({ topic: 'orders', key: 'a2V5' }, settings);
    for (const id of ['a2V5', ['main', 'orders', 'a2V5'], 'hold', 'hold\n["main","orders","a2V5"]']) {
      expect(keyOf(id, { scope })).not.toBe(held);
    }
  });

  it.each([[null], [''], [7], [{}], [undefined]])('is none for the Kafka key %j', (key) => {
    expect(holdKey({ topic: 'orders', key }, settings)).toBeUndefined();
  });
});
