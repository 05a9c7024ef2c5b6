import * as z from 'zod/mini';
import {
  type Decoder,
  type HandlerContext,
  json,
  type KafkaLambdaHandler,
  type KafkaRecord,
  kafkaHandler,
  UnprocessableRecordError,
} from '../lib/index.ts';
import { requiredVariable } from './required-variable.ts';

/** An order as its producer writes it; one without an ID is known by its place in Kafka. */
export interface Order {
  readonly orderId?: string | null | undefined;
  readonly customerId: string;
  readonly amountCents: number;
  readonly currency: string;
}

export const orderValue: Decoder<Order> = json(
  z.object({
    orderId: z.nullish(z.string()),
    customerId: z.string().check(z.minLength(1)),
    amountCents: z.int().check(z.positive()),
    currency: z.string().check(z.length(3)),
  }),
);

const chargesUrl = new URL('/charges', requiredVariable('PAYMENT_GATEWAY_URL'));

/** Answers that refuse the order itself. Any other may be our own fault (a wrong path, credentials) or pass by itself. */
const refusals = new Set([400, 402, 422]);

/** Charges an order. A tombstone orders nothing, so it cannot be charged: it becomes a dead letter. */
export async function chargeOrder(
  record: KafkaRecord<Order>,
  { idempotencyKey, signal }: Pick<HandlerContext, 'idempotencyKey' | 'signal'>,
): Promise<void> {
  if (record.value === null) throw new UnprocessableRecordError('an order without a value cannot be charged');
  const { orderId, customerId, amountCents, currency } = record.value;
  const reference = orderId || `${record.topic}-${record.partition}@${record.offset}`;
  const response = await fetch(chargesUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
    body: JSON.stringify({ reference, customerId, amountCents, currency }),
    signal,
    // A redirect that is followed turns the POST into a GET, whose 200 charges nobody.
    redirect: 'error',
  });
  // Read to its end, or its connection is not used again.
  await response.arrayBuffer();
  if (response.ok) return;
  const answered = `the payment gateway answered ${response.status}`;
  throw refusals.has(response.status) ? new UnprocessableRecordError(answered) : new Error(answered);
}

/** Charges each order of a topic once; `PAYMENT_GATEWAY_URL` names the gateway. */
export const handler: KafkaLambdaHandler = kafkaHandler({
  value: orderValue,
  businessId: 'value.orderId',
  handle: chargeOrder,
});
