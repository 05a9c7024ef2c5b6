import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { json, type KafkaRecord, text } from '../../lib/index.ts';
import { type Effects, type KafkaHandlerOptions, kafkaHandler, type ManyContext } from '../../lib/modes/index.ts';
import { memoryStore } from '../../lib/testing/index.ts';

const value = json(z.object({ sku: z.string() }));
const store = memoryStore();
const given = { namespace: 'types', store, value } as const;

describe('the types of handleMany', () => {
  it('give decoded records, and effects of each where there are any', () => {
    for (const mode of ['transaction', 'position'] as const) {
      kafkaHandler({
        ...given,
        mode,
        key: text(),
        handleMany(records, { effects, fail, attempts, idempotencyKey }) {
          for (const record of records) {
            expectTypeOf(record).toEqualTypeOf<KafkaRecord<{ sku: string }, string>>();
            expectTypeOf(effects(record)).toEqualTypeOf<Effects>();
            expectTypeOf(attempts(record)).toEqualTypeOf<number | undefined>();
            expectTypeOf(idempotencyKey(record)).toEqualTypeOf<string>();
            fail(record, 'whatever was thrown');
          }
        },
      });
    }
    kafkaHandler({
      ...given,
      mode: 'mark',
      handleMany(records, context) {
        expectTypeOf(records).toEqualTypeOf<readonly KafkaRecord<{ sku: string }>[]>();
        expectTypeOf(context).toEqualTypeOf<ManyContext<{ sku: string }>>();
        expectTypeOf(context).not.toHaveProperty('effects');
      },
    });
  });

  it('have handle in its place otherwise, with its own context', () => {
    kafkaHandler({
      ...given,
      mode: 'transaction',
      handle(record, { effects }) {
        expectTypeOf(record.value).toEqualTypeOf<{ sku: string } | null>();
        expectTypeOf(effects).toEqualTypeOf<Effects>();
      },
    });
    kafkaHandler({ ...given, handle: (_record, { fence }) => expectTypeOf(fence).toEqualTypeOf<number | undefined>() });
  });

  it('do not take it in claim mode, nor beside handle, nor maxRecords without it', () => {
    const handle = (): void => undefined;
    type Given<Options> = Options extends KafkaHandlerOptions ? true : false;
    expectTypeOf<Given<{ mode: 'claim'; handleMany: () => void }>>().toEqualTypeOf<false>();
    expectTypeOf<Given<{ handleMany: () => void }>>().toEqualTypeOf<false>();
    for (const mode of ['mark', 'transaction', 'position'] as const) {
      expectTypeOf({ mode, handleMany: handle }).toExtend<KafkaHandlerOptions>();
      expectTypeOf({ mode, handleMany: handle, maxRecords: 10 }).toExtend<KafkaHandlerOptions>();
      expectTypeOf({ mode, handleMany: handle, handle }).not.toExtend<KafkaHandlerOptions>();
      expectTypeOf({ mode, handle, maxRecords: 10 }).not.toExtend<KafkaHandlerOptions>();
      expectTypeOf({ mode }).not.toExtend<KafkaHandlerOptions>();
    }
    expectTypeOf<Given<{ mode: 'mark'; handleMany: () => void; storeResult: true }>>().toEqualTypeOf<false>();
  });
});
