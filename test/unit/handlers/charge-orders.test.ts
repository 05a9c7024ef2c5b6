import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type KafkaBatchResponse, type KafkaLambdaHandler, kafkaHandler } from '../../../lib/index.ts';
import {
  fakeContext,
  kafkaEvent,
  MemoryDeadLetters,
  memoryStore,
  type TestRecord,
} from '../../../lib/testing/index.ts';

type Module = typeof import('../../../handlers/charge-orders.ts');
type Call = { readonly url: string; readonly init: RequestInit };

const order = { orderId: 'o-1', customerId: 'c-1', amountCents: 1999, currency: 'EUR' };
const silent = { observe: () => undefined, log: () => undefined };

const realFetch = fetch;

let module: Module;
let calls: Call[];
let answers: number[];

beforeAll(async () => {
  vi.stubEnv('PAYMENT_GATEWAY_URL', 'http://gateway.test');
  vi.stubEnv('KAFKA_ONCE_TABLE', 'never-reached');
  vi.stubEnv('KAFKA_ONCE_NAMESPACE', 'charges');
  module = await import('../../../handlers/charge-orders.ts');
});

beforeEach(() => {
  calls = [];
  answers = [];
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    calls.push({ url: url.href, init });
    return new Response('{}', { status: answers.shift() ?? 201 });
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function bench(): { readonly deadLetters: MemoryDeadLetters; run(...records: TestRecord[]): Promise<string[]> } {
  const deadLetters = new MemoryDeadLetters();
  const handler: KafkaLambdaHandler = kafkaHandler({
    value: module.orderValue,
    businessId: 'value.orderId',
    handle: module.chargeOrder,
    namespace: 'charges',
    store: memoryStore(),
    deadLetters,
    failureReporting: { report: ['orders'] },
    observer: silent,
  });
  const undone = ({ batchItemFailures }: KafkaBatchResponse): string[] =>
    batchItemFailures.map(({ itemIdentifier: { partition, offset } }) => `${partition}@${offset}`);
  return { deadLetters, run: async (...records) => undone(await handler(kafkaEvent(records), fakeContext())) };
}

function headersOf(call: Call | undefined): Headers {
  return new Headers(call?.init.headers);
}

describe('charge-orders', () => {
  it('posts an order to the gateway with its idempotency key and a signal', async () => {
    expect(await bench().run({ value: order })).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.url).toBe('http://gateway.test/charges');
    expect(calls[0]?.init.method).toBe('POST');
    expect(calls[0]?.init.signal).toBeInstanceOf(AbortSignal);
    expect(headersOf(calls[0]).get('Idempotency-Key')).toMatch(/^charges#.{43}$/);
    const { customerId, amountCents, currency } = order;
    expect(JSON.parse(String(calls[0]?.init.body))).toEqual({ reference: 'o-1', customerId, amountCents, currency });
  });

  it.each([301, 302, 303, 307, 308])('does not take a redirect (%i) for a charge, and tries again', async (status) => {
    const methods: (string | undefined)[] = [];
    const gateway = createServer((request, response) => {
      methods.push(request.method);
      response.writeHead(request.url === '/charges' ? status : 200, { location: '/elsewhere' }).end('{}');
    });
    gateway.listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    onTestFinished(() => void gateway.close());
    const address = gateway.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    vi.stubGlobal('fetch', (_: URL, init: RequestInit) => realFetch(`http://127.0.0.1:${port}/charges`, init));
    const { run, deadLetters } = bench();
    expect(await run({ value: order })).toEqual(['orders-0@0']);
    expect(deadLetters.letters).toEqual([]);
    expect(methods).toEqual(['POST']);
  });

  it('charges an order once that the producer sent twice', async () => {
    const { run } = bench();
    await run({ value: order }, { value: order, partition: 1 });
    await run({ value: order, offset: 7 });
    expect(calls).toHaveLength(1);
  });

  it.each([
    { what: 'no', record: { ...order, orderId: undefined } },
    { what: 'a null', record: { ...order, orderId: null } },
    { what: 'an empty', record: { ...order, orderId: '' } },
  ])('knows an order with $what ID by its place', async ({ record }) => {
    const { run } = bench();
    await run({ value: record }, { value: record });
    await run({ value: record });
    const references = calls.map(({ init }) => JSON.parse(String(init.body)).reference);
    expect(references).toEqual(['orders-0@0', 'orders-0@1']);
    expect(new Set(calls.map((call) => headersOf(call).get('idempotency-key'))).size).toBe(2);
  });

  it.each([400, 402, 422])('gives up an order that the gateway refuses with %i', async (status) => {
    answers = [status];
    const { run, deadLetters } = bench();
    expect(await run({ value: order })).toEqual([]);
    expect(deadLetters.letters.map(({ reason }) => reason)).toEqual(['unprocessable']);
  });

  it.each([401, 403, 404, 405, 408, 409, 410, 425, 429, 500, 503])(
    'tries again after %i, with the same key',
    async (status) => {
      answers = [status];
      const { run, deadLetters } = bench();
      expect(await run({ value: order })).toEqual(['orders-0@0']);
      expect(await run({ value: order })).toEqual([]);
      expect(deadLetters.letters).toEqual([]);
      const keys = calls.map((call) => headersOf(call).get('idempotency-key'));
      expect(keys[0]).toBe(keys[1]);
    },
  );

  it.each([
    { what: 'a tombstone', value: null, reason: 'unprocessable' },
    { what: 'no JSON', value: '{"orderId":', reason: 'undecodable' },
    { what: 'an amount of text', value: { ...order, amountCents: '1999' }, reason: 'schemaViolation' },
    { what: 'an ID that is a number', value: { ...order, orderId: 7 }, reason: 'schemaViolation' },
  ])('makes a dead letter of $what and goes on', async ({ value, reason }) => {
    const { run, deadLetters } = bench();
    expect(await run({ value }, { value: order })).toEqual([]);
    expect(deadLetters.letters.map((letter) => letter.reason)).toEqual([reason]);
    expect(calls).toHaveLength(1);
  });

  it('cannot be loaded without the gateway', async () => {
    vi.resetModules();
    vi.stubEnv('PAYMENT_GATEWAY_URL', '');
    await expect(import('../../../handlers/charge-orders.ts')).rejects.toThrow('PAYMENT_GATEWAY_URL: is missing');
  });
});
