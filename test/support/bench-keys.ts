import { fallbackKey, holdKey, type KeySettings, recordKey } from '../../lib/core/idempotency-key/idempotency-key.ts';
import { type BenchRecord, base64 } from './handler-bench.ts';

const keys: KeySettings = {
  namespace: 'bench',
  clusterLabel: 'default',
  scope: 'topic',
  hash: 'sha256',
  onMissingBusinessId: 'fallback',
};

function received(record: BenchRecord): {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
} {
  const { topic = 'orders', partition = 0, offset, timestamp = 1_700_000_000_000 } = record;
  return { topic, partition, offset, timestampMs: timestamp };
}

/** The idempotency key under which the bench's handler claims a record. */
export function keyOf(record: BenchRecord): string {
  return recordKey(record.id, received(record), keys).idempotencyKey;
}

/** The key of a record's coordinates, under which it is marked when dead-lettered. */
export function coordinatesKeyOf(record: BenchRecord): string {
  return fallbackKey(received(record), keys);
}

/** The key of the marker that holds a Kafka key. */
export function holdKeyOf({ topic = 'orders', key }: Pick<BenchRecord, 'topic' | 'key'>): string {
  const held = holdKey({ topic, key: base64(key ?? '') }, keys);
  if (held === undefined) throw new Error('a record without a Kafka key holds nothing');
  return held;
}
