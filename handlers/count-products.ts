import * as z from 'zod/mini';
import { type Decoder, json, type KafkaLambdaHandler, type KafkaRecord } from '../lib/index.ts';
import { type EffectContext, kafkaHandler } from '../lib/modes/index.ts';
import { requiredVariable } from './required-variable.ts';

/** A line of an order. */
export interface OrderLine {
  readonly productId: string;
  readonly quantity: number;
}

export const orderLineValue: Decoder<OrderLine> = json(
  z.object({ productId: z.string().check(z.minLength(1)), quantity: z.int().check(z.positive()) }),
);

const productTable = requiredVariable('PRODUCT_TABLE');

/** Counts a line, and what it sold of its product; a tombstone counts nothing. */
export function countProduct(
  { value: line }: KafkaRecord<OrderLine>,
  { effects }: Pick<EffectContext, 'effects'>,
): void {
  if (line === null) return;
  const { productId, quantity } = line;
  effects.update({ table: productTable, key: { productId }, update: { add: { lines: 1, sold: quantity } } });
}

/**
 * Keeps the table `PRODUCT_TABLE` (partition key `productId`) with a counter for each product of a topic.
 *
 * There is no ID that a producer could send twice, so the place in the partition says all: one write of it for each commit,
 * instead of a marker for each record. The handler reads nothing, so many records can commit together.
 */
export const handler: KafkaLambdaHandler = kafkaHandler({
  mode: 'position',
  commit: 'prefix',
  value: orderLineValue,
  handle: countProduct,
});
