import { describe, expect, it } from 'vitest';
import { inFlightKey, type KeySettings, positionKey } from '../../../lib/core/idempotency-key/idempotency-key.ts';

const settings: KeySettings = {
  namespace: 'billing',
  clusterLabel: 'main',
  scope: 'topic',
  hash: 'sha256',
  onMissingBusinessId: 'fallback',
};
const place = { topic: 'orders', partition: 3 };

describe.each([
  ['positionKey', positionKey],
  ['inFlightKey', inFlightKey],
] as const)('%s', (_, keyOf) => {
  it('tells namespaces, clusters, topics and partitions apart, and nothing else', () => {
    const all = [
      keyOf(place, settings),
      keyOf(place, { ...settings, namespace: 'other' }),
      keyOf(place, { ...settings, clusterLabel: 'other' }),
      keyOf({ ...place, topic: 'other' }, settings),
      keyOf({ ...place, partition: 4 }, settings),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(keyOf(place, { ...settings, hash: 'md5', scope: 'namespace' })).toBe(all[0]);
  });
});

describe('keys of a topic-partition', () => {
  it('stay what they were in earlier versions, or positions would be forgotten', () => {
    expect(positionKey(place, settings)).toMatchInlineSnapshot(`"billing#jspvQSSHILMTEG5wULlRie1jPFKoEFk_46uwqgbzooI"`);
    expect(inFlightKey(place, settings)).toMatchInlineSnapshot(`"billing#_0TYbAjJGf3na2mBuHAdqYevsmZRgRtHZyrm0OsYrdo"`);
  });
});
