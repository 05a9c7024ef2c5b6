import type { ReceivedRecord } from '../../../lib/core/record.ts';
import type { DeadLetter } from '../../../lib/ports/dead-letter-sink.ts';

/** A letter of one record of topic `orders`, with whatever a test wants otherwise. */
export function letter(
  record: Partial<ReceivedRecord> = {},
  facts: Partial<Omit<DeadLetter, 'record'>> = {},
): DeadLetter {
  return {
    record: {
      topic: 'orders',
      partition: 3,
      offset: 41,
      timestampMs: 1_760_000_000_000,
      timestampType: 'CREATE_TIME',
      key: 'a2V5',
      value: 'dmFsdWU=',
      headers: [{ trace: [1, 2, 255] }, { trace: [] }],
      keySchemaMetadata: undefined,
      valueSchemaMetadata: undefined,
      ...record,
    },
    reason: 'unprocessable',
    error: new Error('no such customer'),
    attempts: 2,
    idempotencyKey: 'c0ffee',
    clusterLabel: 'main',
    namespace: 'billing',
    deadLetteredAtMs: 1_760_000_000_500,
    ...facts,
  };
}
