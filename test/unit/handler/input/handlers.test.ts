import { describe, expect, it } from 'vitest';
import { parseDeadLetter } from '../../../../lib/core/dead-letter/parse-dead-letter.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { kafkaHandler } from '../../../../lib/handler/commit/kafka-handler.ts';
import type { RecordContext } from '../../../../lib/handler/handler-context.ts';
import { fakeContext } from '../../../../lib/testing/fake-context.ts';
import { memoryStore } from '../../../../lib/testing/index.ts';
import { type BenchKafkaRecord, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';
import { PlainRun } from './plain-run.ts';

/** Changes whatever can be reached through a record. */
function vandalise(target: unknown): void {
  if (typeof target !== 'object' || target === null) return;
  if (target instanceof Uint8Array) {
    target.fill(0);
    return;
  }
  for (const name of Object.keys(target)) {
    vandalise(Reflect.get(target, name));
    Reflect.set(target, name, 'changed');
  }
  if (Array.isArray(target)) target.length = 0;
}

const record = {
  topic: 'orders',
  partition: 3,
  offset: 7,
  timestamp: 1_700_000_000_000,
  timestampType: 'CREATE_TIME',
  key: Buffer.from('key').toString('base64'),
  value: Buffer.from('{"id":1,"lines":[{"sku":"a"}]}').toString('base64'),
  headers: [{ trace: [1, 2, 3] }],
  keySchemaMetadata: { dataFormat: 'JSON', schemaId: '1' },
  valueSchemaMetadata: { dataFormat: 'JSON', schemaId: '2' },
};

describe('a handler that changes its record', () => {
  it('does not change the dead letter', async () => {
    const bench = new HandlerBench((given: BenchKafkaRecord) => {
      vandalise(given);
      throw new UnprocessableRecordError('no use');
    });
    expect(await bench.invokeEvent({ records: { 'orders-3': [record] } })).toEqual({ undone: [] });
    const [body = ''] = bench.deadLetters.bodies;
    const { timestamp, ...asReceived } = record;
    expect(parseDeadLetter(body)).toMatchObject({ kind: 'whole', record: { ...asReceived, timestampMs: timestamp } });
  });

  it('does not change the answer', async () => {
    const run = new PlainRun({
      failureReporting: { report: ['orders'] },
      handle: (given) => {
        vandalise(given);
        throw new Error('not now');
      },
    });
    expect(await run.invoke({ records: { 'orders-3': [record] } })).toEqual({
      answered: { batchItemFailures: [{ itemIdentifier: { partition: 'orders-3', offset: 7 } }] },
    });
  });

  it('does not change key and fingerprint: the redelivery is a duplicate, another payload of the ID is not', async () => {
    const bench = new HandlerBench(vandalise, { rememberedCompletions: 0 });
    const event = { records: { 'orders-3': [record] } };
    expect(await bench.invokeEvent(event)).toEqual({ undone: [] });
    expect(await bench.invokeEvent(event)).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(1);
    const value = Buffer.from('{"id":1,"lines":[]}').toString('base64');
    expect(await bench.invokeEvent({ records: { 'orders-3': [{ ...record, offset: 8, value }] } })).toEqual({
      undone: [],
    });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['fingerprintMismatch']);
  });
});

/** A result that no store can hold, whatever becomes of it. */
const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const unstorable: readonly (readonly [what: string, result: unknown])[] = [
  ['a circular object', cyclic],
  ['a function', () => undefined],
  ['a symbol', Symbol('result')],
  ['NaN', Number.NaN],
  ['a map', new Map([['a', 1]])],
  ['bytes', new Uint8Array(3)],
  ['a text of 500 KB', 'x'.repeat(500_000)],
  ['an integer of 60 digits', 10n ** 60n],
  [
    'an object with a getter that throws',
    Object.defineProperty({}, 'total', {
      enumerable: true,
      get: () => {
        throw new Error('no access');
      },
    }),
  ],
  [
    'a proxy that refuses everything',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no access');
        },
      },
    ),
  ],
];

describe('a handler that returns, under storeResult,', () => {
  it.each([
    ['a bigint beyond 2^53', 2n ** 60n, 2n ** 60n],
    ['a text', 'done', 'done'],
    ['an object', { total: 3, lines: [1, null, undefined] }, { total: 3, lines: [1, null, null] }],
    ['null', null, null],
    ['undefined', undefined, undefined],
  ])('%s: it is kept', async (_, result, kept) => {
    const bench = new HandlerBench(() => result, { storeResult: true });
    expect(await bench.invoke([{ offset: 1, id: 1 }])).toEqual({ undone: [] });
    expect(bench.store.keys().map((key) => bench.store.peek(key)?.result)).toEqual([kept]);
  });

  it.each(unstorable)('%s: the effect is marked without it, and so are its neighbours', async (_, result) => {
    const bench = new HandlerBench((given) => (given.offset === 1 ? result : 'kept'), { storeResult: true });
    const records = [0, 1, 2].map((offset) => ({ offset, id: offset }));
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect([...bench.outcomes().values()]).toEqual(['handled', 'handled', 'handled']);
    expect(bench.observations).toContainEqual({
      type: 'resultNotStored',
      coordinates: { topic: 'orders', partition: 0, offset: 1 },
    });
    expect(bench.store.keys().map((key) => bench.store.peek(key)?.result)).toEqual(['kept', undefined, 'kept']);
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(3);
  });

  it('anything, without the option: nothing is kept', async () => {
    const bench = new HandlerBench(() => 'result');
    expect(await bench.invoke([{ offset: 1, id: 1 }])).toEqual({ undone: [] });
    expect(bench.store.keys().map((key) => bench.store.peek(key)?.result)).toEqual([undefined]);
  });
});

describe('what a handler is given', () => {
  it('names the attempt, the fence, the key of the effect and the coordinates', async () => {
    const keys: string[] = [];
    const bench = new HandlerBench((_record, context) => {
      keys.push(context.idempotencyKey);
      if (keys.length === 1) throw new Error('not now');
    });
    await bench.invoke([{ offset: 1, id: 'a' }]);
    await bench.invoke([{ offset: 1, id: 'a' }]);
    expect(bench.handlings.map(({ fence, attempts }) => ({ fence, attempts }))).toEqual([
      { fence: 1, attempts: 1 },
      { fence: 2, attempts: 2 },
    ]);
    expect(keys[0]).toMatch(/^bench#[\w-]{43}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it.each(['claim', 'mark', 'transaction', 'position'] as const)('holds the same in mode %s', async (mode) => {
    const given: unknown[] = [];
    const lines: unknown[] = [];
    const made = {
      namespace: 'context',
      store: memoryStore(),
      observer: { observe: () => undefined, log: (...line: readonly unknown[]) => lines.push(line) },
      handle: (_record: unknown, { lambdaContext, logger, signal, idempotencyKey }: RecordContext) => {
        logger.info('told');
        given.push({ lambdaContext, idempotencyKey, isAborted: signal.aborted });
      },
    };
    const context = fakeContext();
    await kafkaHandler({ ...made, mode })(lambdaEvent([{ offset: 1 }]), context);
    expect(given).toEqual([
      { lambdaContext: context, idempotencyKey: expect.stringMatching(/^context#/), isAborted: false },
    ]);
    expect(lines).toEqual([['info', 'told', { topicPartition: 'orders-0', offset: 1 }]]);
  });

  it('holds the context that Lambda gave', async () => {
    const contexts: unknown[] = [];
    const run = new PlainRun({ handle: (_record, { lambdaContext }) => contexts.push(lambdaContext) });
    const context = { ...run.context(), awsRequestId: 'request-1' };
    await run.invoke(lambdaEvent([{ offset: 1 }]), context);
    expect(contexts).toEqual([context]);
  });
});
