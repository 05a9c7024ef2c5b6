import { randomUUID } from 'node:crypto';
import { chargeOrder, orderValue } from '../../handlers/charge-orders.ts';
import { type KafkaLambdaHandler, kafkaHandler } from '../../lib/index.ts';
import { passThroughStore } from './pass-through-store.ts';

/**
 * Charges orders as a function without idempotency does: no store, nothing remembered, and, for want of a name for the
 * effect, a new `Idempotency-Key` for each attempt.
 */
export const handler: KafkaLambdaHandler = kafkaHandler({
  value: orderValue,
  store: passThroughStore,
  rememberedCompletions: 0,
  handle: (record, { signal }) => chargeOrder(record, { idempotencyKey: randomUUID(), signal }),
});
