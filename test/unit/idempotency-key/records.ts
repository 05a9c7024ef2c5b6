import type { KafkaRecord, ReceivedRecord } from '../../../lib/core/record.ts';

/** A record as received, with made-up coordinates where none are given. */
export function received(over: Partial<ReceivedRecord> = {}): ReceivedRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset: 7,
    timestampMs: 1_763_600_000_000,
    timestampType: 'CREATE_TIME',
    key: null,
    value: null,
    headers: null,
    keySchemaMetadata: undefined,
    valueSchemaMetadata: undefined,
    ...over,
  };
}

/** A decoded record with this value. */
export function decoded(
  value: unknown,
  over: Partial<KafkaRecord<unknown, unknown>> = {},
): KafkaRecord<unknown, unknown> {
  const { headers: _raw, ...rest } = received();
  return { ...rest, key: null, value, headers: [], ...over };
}
