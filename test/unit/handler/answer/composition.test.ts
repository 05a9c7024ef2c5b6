import type { Context, Handler, MSKEvent, SelfManagedKafkaEvent } from 'aws-lambda';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { KafkaBatchItemFailure, KafkaBatchResponse } from '../../../../lib/core/answer/batch-response.ts';
import { json } from '../../../../lib/core/decode/json.ts';
import { text } from '../../../../lib/core/decode/text.ts';
import type { KafkaRecord } from '../../../../lib/core/record.ts';
import type { HandlerContext } from '../../../../lib/handler/handler-context.ts';
import { kafkaHandler } from '../../../../lib/handler/kafka-handler.ts';
import type { LambdaContext } from '../../../../lib/handler/lambda-context.ts';
import type { KafkaLambdaHandler } from '../../../../lib/handler/lambda-handler.ts';
import { fakeContext } from '../../../../lib/testing/fake-context.ts';
import { memoryStore } from '../../../../lib/testing/index.ts';
import { kafkaEvent } from '../../../../lib/testing/kafka-event.ts';

type Next = (event: unknown, context: Context) => Promise<unknown>;

/** How middy, Powertools' decorators and their like wrap a handler: around a function of event and context. */
function around(handler: Next, hooks: { before?: (event: unknown) => void; after?: (answer: unknown) => void }): Next {
  return async (event, context) => {
    hooks.before?.(event);
    const answer = await handler(event, context);
    hooks.after?.(answer);
    return answer;
  };
}

const quiet = { observe: () => undefined, log: () => undefined };
const options = { namespace: 'composed', observer: quiet } as const;

describe('the handler', () => {
  it('is a plain asynchronous function of event and context, with no state in this', async () => {
    const handler = kafkaHandler({ ...options, store: memoryStore(), handle: () => undefined });
    expect(handler).toBeTypeOf('function');
    const detached: unknown = Reflect.apply(handler, undefined, [kafkaEvent([{ value: {} }]), fakeContext()]);
    expect(detached).toBeInstanceOf(Promise);
    expect(await detached).toEqual({ batchItemFailures: [] });
    // Node's Lambda runtime takes a handler with a third parameter for one with a callback.
    expect(handler.length).toBeLessThanOrEqual(2);
  });

  it('never throws at once, only rejects', async () => {
    const handler = kafkaHandler({ ...options, store: memoryStore(), handle: () => undefined });
    await expect(handler(undefined, undefined)).rejects.toThrow('Kafka event');
  });

  it('can be wrapped by middleware', async () => {
    const seen: unknown[] = [];
    const handled: unknown[] = [];
    const handler = kafkaHandler({
      ...options,
      store: memoryStore(),
      handle: (record, { lambdaContext }) => handled.push(record.value, lambdaContext?.awsRequestId),
    });
    const wrapped = around(around(handler, { before: (event) => seen.push(event) }), {
      after: (answer) => seen.push(answer),
    });
    const event = kafkaEvent([{ value: { id: 1 } }]);
    const context = fakeContext({ awsRequestId: 'request-1' });
    await wrapped(event, context);
    expect(seen).toEqual([event, { batchItemFailures: [] }]);
    expect(handled).toEqual([{ id: 1 }, 'request-1']);
  });

  it('lets its errors pass through middleware, so that Lambda sees them', async () => {
    const handler = kafkaHandler({
      ...options,
      store: memoryStore(),
      handle: () => {
        throw new Error('not now');
      },
    });
    await expect(around(handler, {})(kafkaEvent([{ value: {} }]), fakeContext())).rejects.toThrow('orders-0@0');
  });

  it('leaves the event as it was', async () => {
    const handler = kafkaHandler({ ...options, store: memoryStore(), handle: () => undefined });
    const event = kafkaEvent([{ value: { id: 1 }, key: 'k', headers: { trace: 'x' } }, { value: null }]);
    const before = structuredClone(event);
    await handler(event, fakeContext());
    expect(event).toEqual(before);
  });
});

describe('types', () => {
  const handler = kafkaHandler({ ...options, store: memoryStore(), handle: () => undefined });

  it('take the events and the context of @types/aws-lambda, and make one of its handlers', () => {
    expectTypeOf<MSKEvent>().toExtend<Parameters<KafkaLambdaHandler>[0]>();
    expectTypeOf<SelfManagedKafkaEvent>().toExtend<Parameters<KafkaLambdaHandler>[0]>();
    expectTypeOf<Context>().toExtend<LambdaContext>();
    expectTypeOf(handler).toExtend<Handler<MSKEvent, KafkaBatchResponse>>();
    expectTypeOf(handler).toExtend<Handler<SelfManagedKafkaEvent, KafkaBatchResponse>>();
    expectTypeOf(handler).returns.resolves.toEqualTypeOf<KafkaBatchResponse>();
  });

  it('have the answer in the documented shape', () => {
    expectTypeOf<KafkaBatchResponse>().toEqualTypeOf<{ readonly batchItemFailures: KafkaBatchItemFailure[] }>();
    expectTypeOf<KafkaBatchItemFailure>().toEqualTypeOf<{
      readonly itemIdentifier: { readonly partition: string; readonly offset: number };
    }>();
  });

  it('give the handler what its decoders make', () => {
    const made = [
      kafkaHandler({
        ...options,
        store: memoryStore(),
        value: json(z.object({ total: z.number() })),
        key: text(),
        handle: (record, context) => {
          expectTypeOf(record).toEqualTypeOf<KafkaRecord<{ total: number }, string>>();
          expectTypeOf(context).toEqualTypeOf<HandlerContext>();
        },
      }),
      kafkaHandler({
        ...options,
        store: memoryStore(),
        value: text(),
        handle: (record) => {
          expectTypeOf(record).toEqualTypeOf<KafkaRecord<string, Uint8Array>>();
        },
      }),
      kafkaHandler({
        ...options,
        store: memoryStore(),
        handle: (record) => {
          expectTypeOf(record.value).toEqualTypeOf<unknown>();
          expectTypeOf(record.key).toEqualTypeOf<Uint8Array | null>();
        },
      }),
    ];
    for (const one of made) expectTypeOf(one).toEqualTypeOf<KafkaLambdaHandler>();
  });
});
