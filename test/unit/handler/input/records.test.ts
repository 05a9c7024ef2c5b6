import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseDeadLetter } from '../../../../lib/core/dead-letter/parse-dead-letter.ts';
import type { Decoder } from '../../../../lib/core/decode/decoder.ts';
import { json } from '../../../../lib/core/decode/json.ts';
import { RecordDecodingError } from '../../../../lib/core/errors/errors.ts';
import {
  type BenchOptions,
  type BenchRecord,
  base64,
  HandlerBench,
  lambdaEvent,
} from '../../../support/handler-bench.ts';
import { PlainRun } from './plain-run.ts';

/** Two records before and one behind the bad one in its partition, and one in another. */
function around(bad: Omit<BenchRecord, 'offset'>): BenchRecord[] {
  return [
    { offset: 0, id: 'before' },
    { offset: 1, ...bad },
    { offset: 2, id: 'behind' },
    { offset: 9, partition: 1, id: 'beside' },
  ];
}

const undecodable: readonly (readonly [what: string, bad: Omit<BenchRecord, 'offset'>])[] = [
  ['a value whose base64 is none', { rawValue: '%%%' }],
  ['a value in the base64 of URLs', { rawValue: '-_-_' }],
  ['a value without its padding', { rawValue: 'YQ' }],
  ['a value that is a number', { rawValue: 7 }],
  ['a value that is an object', { rawValue: { nested: ['x'] } }],
  ['a value that is no JSON', { rawValue: base64('{"id":') }],
  ['a value that is no UTF-8', { rawValue: Buffer.from([0xff, 0xfe, 0x22]).toString('base64') }],
  ['an empty value', { rawValue: '' }],
  ['a header byte of 300', { id: 'bad', headers: [{ trace: [1, 300] }] }],
  ['a header byte of -129', { id: 'bad', headers: [{ trace: [-129] }] }],
  ['a header byte that is a text', { id: 'bad', headers: [{ trace: ['1'] }] }],
  ['headers that are an object', { id: 'bad', headers: { trace: [1] } }],
  ['a header that is a text', { id: 'bad', headers: ['trace'] }],
];

describe('an undecodable record', () => {
  it.each(undecodable)('with %s goes to the dead letters as it was, and its neighbours are handled', async (_, bad) => {
    const bench = new HandlerBench(() => undefined, { value: json() });
    const event = lambdaEvent(around(bad));
    expect(await bench.invokeEvent(event)).toEqual({ undone: [] });
    expect(bench.handlings.map((one) => one.id).sort()).toEqual(['before', 'behind', 'beside']);
    expect(bench.outcomes().get('orders-0@1')).toBe('deadLettered');
    const [body = ''] = bench.deadLetters.bodies;
    const letter = parseDeadLetter(body);
    expect(letter.reason).toBe('undecodable');
    expect(letter.error.name).toBe('RecordDecodingError');
    const raw: unknown = event.records['orders-0']?.[1];
    expect(raw).toMatchObject('record' in letter ? { value: letter.record.value, headers: letter.record.headers } : {});
  });

  it.each(undecodable)(
    'with %s, without a dead-letter sink, is failed and holds back its partition',
    async (_, bad) => {
      const run = new PlainRun({
        handle: () => undefined,
        businessId: 'value.id',
        failureReporting: { report: ['orders'] },
      });
      const ended = await run.invoke(lambdaEvent(around(bad)));
      expect(ended).toEqual({
        answered: {
          batchItemFailures: [1, 2].map((offset) => ({ itemIdentifier: { partition: 'orders-0', offset } })),
        },
      });
      expect(run.outcomes()).toEqual({
        'orders-0@0': 'handled',
        'orders-0@1': 'failed',
        'orders-0@2': 'heldBack',
        'orders-1@9': 'handled',
      });
    },
  );

  it('is a duplicate when it is delivered again, with one letter in all', async () => {
    const bench = new HandlerBench(() => undefined, { value: json(), rememberedCompletions: 0 });
    await bench.invoke(around({ rawValue: '%%%' }));
    expect(await bench.invoke(around({ rawValue: '%%%' }))).toEqual({ undone: [] });
    expect(bench.outcomes().get('orders-0@1')).toBe('duplicate');
    expect(bench.deadLetters.letters).toHaveLength(1);
  });
});

describe('a record that violates its schema', () => {
  it('goes to the dead letters, with where it does', async () => {
    const bench = new HandlerBench(() => undefined, { value: json(z.object({ id: z.string() })) });
    expect(await bench.invoke(around({ id: 7 }))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['schemaViolation']);
    expect(parseDeadLetter(bench.deadLetters.bodies[0] ?? '').error.message).toBe(
      'The value of orders-0@1 does not satisfy its schema at: id.',
    );
  });
});

describe('a record without a business ID', () => {
  it("is known by its coordinates under 'fallback'", async () => {
    const bench = new HandlerBench(() => undefined);
    expect(await bench.invoke(around({ rawValue: null }))).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(4);
    expect(bench.observations).toContainEqual({
      type: 'fallbackKey',
      coordinates: { topic: 'orders', partition: 0, offset: 1 },
    });
  });

  it("goes to the dead letters under 'reject', and its neighbours are handled", async () => {
    const bench = new HandlerBench(() => undefined, { onMissingBusinessId: 'reject' });
    expect(await bench.invoke(around({ id: '' }))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['businessIdRejected']);
    expect(bench.handlings).toHaveLength(3);
  });

  it('that has one beyond 2^53 is rejected, never rounded', async () => {
    const bench = new HandlerBench(() => undefined);
    expect(await bench.invoke(around({ rawValue: base64('{"id":9007199254740993}') }))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['businessIdRejected']);
  });
});

const boom = (): never => {
  throw new Error('registry down');
};
const decoder = (decode: Decoder<unknown>['decode']): Decoder<unknown> => ({ name: 'own', decode });
const badSchema = (validate: () => never) => json({ '~standard': { version: 1 as const, vendor: 'test', validate } });

/** What a user's own function can throw while a record is made ready; bad only for the record at offset 1. */
const throwing: readonly (readonly [what: string, options: BenchOptions])[] = [
  [
    'a decoder of values',
    { value: decoder((_bytes, { coordinates }) => (isBad(coordinates) ? boom() : { id: 'ok' })) },
  ],
  [
    'an asynchronous decoder of values',
    { value: decoder(async (_bytes, { coordinates }) => (isBad(coordinates) ? boom() : { id: 'ok' })) },
  ],
  ['a business ID', { businessId: (record) => (isBad(record) ? boom() : `${record.partition}@${record.offset}`) }],
  ['a fingerprint', { fingerprint: (record) => (isBad(record) ? boom() : record.value) }],
];

function isBad(coordinates: { readonly partition: number; readonly offset: number }): boolean {
  return coordinates.partition === 0 && coordinates.offset === 1;
}

describe('a function of the user that throws while a record is made ready', () => {
  it.each(throwing)('%s: an attempt under its coordinates, at last a dead letter', async (_, options) => {
    const bench = new HandlerBench(() => undefined, { ...options, maxAttempts: 3 });
    const records = around({ id: 'bad' });
    for (const attempts of [1, 2]) {
      expect(await bench.invoke(records)).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
      const failures = bench.observations.flatMap((one) =>
        one.type === 'recordEnded' && one.outcome === 'failed' ? [one] : [],
      );
      expect(failures.at(-1)).toMatchObject({ attempts, errorName: 'Error' });
    }
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map(({ reason, attempts }) => ({ reason, attempts }))).toEqual([
      { reason: 'attemptsExhausted', attempts: 3 },
    ]);
    expect(bench.handlings.some((one) => one.at === 'orders-0@1')).toBe(false);
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('a schema: the same', async () => {
    const bench = new HandlerBench(() => undefined, { value: badSchema(boom), maxAttempts: 2 });
    expect(await bench.invoke([{ offset: 1 }])).toEqual({ undone: ['orders-0@1'] });
    expect(await bench.invoke([{ offset: 1 }])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['attemptsExhausted']);
  });

  it('a decoder of keys that says so: undecodable at once', async () => {
    const key: Decoder<string> = {
      name: 'own',
      decode: () => {
        throw new RecordDecodingError('no key');
      },
    };
    const bench = new HandlerBench(() => undefined, { key });
    expect(await bench.invoke([{ offset: 1, id: 1, key: 'k' }])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['undecodable']);
  });

  it('a business ID that returns a promise, rejected or not: rejected as no ID, and nothing else happens', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      for (const promise of [() => Promise.reject(new Error('late')), async () => 'id']) {
        const bench = new HandlerBench(() => undefined, { businessId: promise });
        expect(await bench.invoke([{ offset: 1 }])).toEqual({ undone: [] });
        await bench.clock.settle();
        expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['businessIdRejected']);
      }
      const bench = new HandlerBench(() => undefined, { fingerprint: () => Promise.reject(new Error('late')) });
      expect(await bench.invoke([{ offset: 1, id: 1 }])).toEqual({ undone: [] });
      await bench.clock.settle();
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});

describe('a decoder that never settles', () => {
  const stuck = decoder((content, { coordinates }) =>
    isBad(coordinates) ? new Promise<never>(() => undefined) : JSON.parse(Buffer.from(content).toString()),
  );

  it('fails its record after half of the time, and its neighbours are handled', async () => {
    const bench = new HandlerBench(() => undefined, { value: stuck });
    const startMs = bench.clock.nowMs();
    expect(await bench.invoke(around({ id: 'bad' }))).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
    expect(bench.clock.nowMs() - startMs).toBeLessThan(30_000);
    expect(Object.fromEntries(bench.outcomes())).toEqual({
      'orders-0@0': 'handled',
      'orders-0@1': 'failed',
      'orders-0@2': 'heldBack',
      'orders-1@9': 'handled',
    });
    expect(bench.clock.pending).toBe(0);
    expect(bench.exits).toEqual([]);
  });

  it('makes a dead letter of its record after the last attempt, so that the partition goes on', async () => {
    const bench = new HandlerBench(() => undefined, { value: stuck, maxAttempts: 2 });
    expect(await bench.invoke(around({ id: 'bad' }))).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
    expect(await bench.invoke(around({ id: 'bad' }))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map(({ reason, attempts }) => ({ reason, attempts }))).toEqual([
      { reason: 'attemptsExhausted', attempts: 2 },
    ]);
    expect(bench.handlings.map((one) => one.at)).not.toContain('orders-0@1');
    expect(await bench.invoke(around({ id: 'bad' }))).toEqual({ undone: [] });
  });

  it('at many records at once uses up no more than the time there is, and loses nothing', async () => {
    const hanging = decoder(() => new Promise<never>(() => undefined));
    const bench = new HandlerBench(() => undefined, { value: hanging, ordering: 'none' });
    const records = Array.from({ length: 200 }, (_, offset) => ({ offset, id: offset }));
    const startMs = bench.clock.nowMs();
    const answer = await bench.invoke(records, 20_000);
    expect('undone' in answer && answer.undone).toHaveLength(200);
    expect(bench.clock.nowMs() - startMs).toBeLessThan(20_000);
    expect(bench.clock.pending).toBe(0);
  });
});

describe('error texts that no queue accepts', () => {
  it.each([
    ['control characters', '\u0000\u0001\u001f\u007f'],
    ['half of a surrogate pair', 'order \ud800 failed'],
    ['characters that XML forbids', '\ufffe\uffff'],
    ['other scripts', 'Größe 注文 🧾'],
    ['4 MB', 'x'.repeat(4_000_000)],
  ])('%s: the letter is plain ASCII of bounded length', async (_, message) => {
    const bench = new HandlerBench(
      () => {
        throw Object.assign(new Error(message), { name: message });
      },
      { maxAttempts: 1 },
    );
    expect(await bench.invoke([{ offset: 1, id: 1 }])).toEqual({ undone: [] });
    const [body = ''] = bench.deadLetters.bodies;
    expect(body).toMatch(/^[\x20-\x7e]*$/);
    expect(body.length).toBeLessThan(30_000);
    expect(parseDeadLetter(body).error.message.slice(0, 10)).toBe(message.slice(0, 10));
  });
});
