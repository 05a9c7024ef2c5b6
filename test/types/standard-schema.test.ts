import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as valibot from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { type Decoder, json, type StandardSchema } from '../../lib/index.ts';

interface Order {
  orderId: string;
  cents: number;
}

describe('the type of a schema', () => {
  it('takes whatever follows Standard Schema', () => {
    expectTypeOf<StandardSchemaV1<unknown, Order>>().toExtend<StandardSchema<Order>>();
  });

  it('gives its output to the decoder', () => {
    const fromZod = json(z.object({ orderId: z.string(), cents: z.number() }));
    const fromValibot = json(valibot.object({ orderId: valibot.string(), cents: valibot.number() }));
    expectTypeOf(fromZod).toEqualTypeOf<Decoder<Order>>();
    expectTypeOf(fromValibot).toEqualTypeOf<Decoder<Order>>();
  });

  it('gives what a transformation makes of the value, not what it takes', () => {
    const decoder = json(z.object({ placedAt: z.string().transform((text) => new Date(text)) }));
    expectTypeOf(decoder).toEqualTypeOf<Decoder<{ placedAt: Date }>>();
  });
});
