import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import {
  type Decoder,
  json,
  type KafkaLambdaHandler,
  type KafkaRecord,
  UnprocessableRecordError,
} from '../lib/index.ts';
import { type EffectContext, kafkaHandler } from '../lib/modes/index.ts';
import { requiredVariable } from './required-variable.ts';

/** A step of an order, and what its account owes more or less by it. */
export interface OrderStep {
  readonly orderId: string;
  readonly accountId: string;
  readonly amountCents: number;
  readonly status: 'PLACED' | 'PAID' | 'CANCELLED';
}

export const orderStepValue: Decoder<OrderStep> = json(
  z.object({
    orderId: z.string().check(z.minLength(1)),
    accountId: z.string().check(z.minLength(1)),
    amountCents: z.int().check(z.positive()),
    status: z.enum(['PLACED', 'PAID', 'CANCELLED']),
  }),
);

/** The status that an order must have before, and what becomes of the account's balance: what it owes. */
const steps = {
  PLACED: { from: undefined, sign: 1 },
  PAID: { from: 'PLACED', sign: -1 },
  CANCELLED: { from: 'PLACED', sign: -1 },
} as const;

const orderTable = requiredVariable('ORDER_TABLE');
const accountTable = requiredVariable('ACCOUNT_TABLE');
const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
const accountItem = z.object({ balanceCents: z.int(), version: z.int() });

/**
 * Moves an order and the balance of its account, both or neither.
 *
 * A step that its order cannot take, such as a payment of what was cancelled, becomes a dead letter. A balance that somebody
 * else moved since it was read is read again, when the record is delivered again; that counts as a failed attempt.
 */
export async function bookStep(
  { value: step }: KafkaRecord<OrderStep>,
  { effects, signal }: Pick<EffectContext, 'effects' | 'signal'>,
): Promise<void> {
  if (step === null) throw new UnprocessableRecordError('a record without a value is no step of an order');
  const { orderId, accountId, amountCents, status } = step;
  const { from, sign } = steps[status];
  const get = new GetCommand({ TableName: accountTable, Key: { accountId }, ConsistentRead: true });
  const { Item } = await documents.send(get, { abortSignal: signal });
  const account = Item === undefined ? undefined : accountItem.parse(Item);
  effects.transition({
    ...{ table: orderTable, key: { orderId }, attribute: 'status', from, to: status },
    set: { accountId, amountCents },
    onConditionFailed: 'reject',
  });
  effects.updateIfVersion({
    ...{ table: accountTable, key: { accountId }, version: account?.version },
    set: { balanceCents: (account?.balanceCents ?? 0) + sign * amountCents },
  });
}

/**
 * Keeps the tables `ORDER_TABLE` (partition key `orderId`) and `ACCOUNT_TABLE` (`accountId`) as the steps of a topic say.
 *
 * The topic's Kafka key is to be the account: its steps are then taken one after the other, and those of others beside them.
 */
export const handler: KafkaLambdaHandler = kafkaHandler({
  mode: 'transaction',
  value: orderStepValue,
  businessId: '[value.orderId, value.status]',
  ordering: 'key',
  handle: bookStep,
});
