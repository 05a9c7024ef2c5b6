import { describe, expect, it } from 'vitest';
import { parseDeadLetter } from '../../../../lib/core/dead-letter/parse-dead-letter.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { type BenchOptions, HandlerBench } from '../../../support/handler-bench.ts';

const throwing = (): never => {
  throw new Error('no access');
};

/** An object whose every use throws. */
const untouchable: object = new Proxy(
  {},
  {
    get: throwing,
    has: throwing,
    ownKeys: throwing,
    getPrototypeOf: throwing,
    getOwnPropertyDescriptor: throwing,
  },
);

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

class HostileError extends Error {
  override get name(): string {
    throw new Error('no name');
  }
  override get message(): string {
    throw new Error('no message');
  }
  override get stack(): string {
    throw new Error('no stack');
  }
}

const thrownValues: readonly (readonly [what: string, thrown: unknown])[] = [
  ['a string', 'not now'],
  ['an empty string', ''],
  ['undefined', undefined],
  ['null', null],
  ['a number', 42],
  ['NaN', Number.NaN],
  ['a bigint', 10n],
  ['a symbol', Symbol('failure')],
  ['a function', () => undefined],
  ['a plain object', { code: 'E_FAIL' }],
  ['a frozen empty object', Object.freeze(Object.create(null))],
  ['a cyclic object', cyclic],
  ['an array', [new Error('one')]],
  ['an object with getters that throw', Object.defineProperty({}, 'message', { get: throwing })],
  ['an error with getters that throw', new HostileError()],
  ['an error whose name is no text', Object.assign(new Error('odd'), { name: 7 })],
  ['a proxy that refuses everything', untouchable],
  ['a revoked proxy', revoked],
  ['an error caused by itself', (() => Object.assign(new Error('loop'), { cause: cyclic }))()],
  ['an error with a message of 2 MB', new Error('m'.repeat(2_000_000))],
];

const ways: readonly (readonly [how: string, handle: (thrown: unknown) => () => unknown])[] = [
  [
    'throws',
    (thrown) => () => {
      throw thrown;
    },
  ],
  ['returns a rejected promise of', (thrown) => () => Promise.reject(thrown)],
];

describe.each(ways)('a handler that %s', (_how, handle) => {
  it.each(thrownValues)('%s: the record is failed and tried again, its neighbours are handled', async (_, thrown) => {
    let left = 1;
    const bench = new HandlerBench(
      (record) => {
        if (record.partition !== 0 || left === 0) return undefined;
        left -= 1;
        return handle(thrown)();
      },
      { failureReporting: { report: ['orders'] } },
    );
    const records = [0, 1, 2].map((partition) => ({ offset: 5, partition, id: partition }));
    expect(await bench.invoke(records)).toEqual({ undone: ['orders-0@5'] });
    expect(bench.outcomes()).toEqual(
      new Map([
        ['orders-0@5', 'failed'],
        ['orders-1@5', 'handled'],
        ['orders-2@5', 'handled'],
      ]),
    );
    expect(bench.clock.pending).toBe(0);
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(bench.handlings.filter((one) => one.id === 0).map((one) => one.attempts)).toEqual([1, 2]);
  });

  it.each(thrownValues)('%s: after the last attempt the record is a readable dead letter', async (_, thrown) => {
    const bench = new HandlerBench(handle(thrown), { maxAttempts: 1 });
    expect(await bench.invoke([{ offset: 5, id: 1 }])).toEqual({ undone: [] });
    const [body = ''] = bench.deadLetters.bodies;
    const letter = parseDeadLetter(body);
    expect(letter.reason).toBe('attemptsExhausted');
    expect(body.length).toBeLessThan(20_000);
    expect(body).toMatch(/^[\x20-\x7e]*$/);
  });
});

describe('a classifier of errors', () => {
  const classified = async (isNonRetryable: NonNullable<BenchOptions['isNonRetryable']>): Promise<HandlerBench> => {
    const bench = new HandlerBench(
      (record) => {
        if (record.partition === 0) throw new Error('declined');
      },
      { isNonRetryable },
    );
    await bench.invoke([
      { offset: 1, partition: 0, id: 'a' },
      { offset: 2, partition: 0, id: 'b' },
      { offset: 1, partition: 1, id: 'c' },
    ]);
    return bench;
  };

  it('that says yes sends the record to the dead letters at once, as unprocessable', async () => {
    const bench = await classified((error) => error instanceof Error && error.message === 'declined');
    expect(bench.deadLetters.letters.map((letter) => letter.reason)).toEqual(['unprocessable', 'unprocessable']);
  });

  it('that says no leaves it to be tried again', async () => {
    const bench = await classified(() => false);
    expect(Object.fromEntries(bench.outcomes())).toEqual({
      'orders-0@1': 'failed',
      'orders-0@2': 'heldBack',
      'orders-1@1': 'handled',
    });
  });

  it('that throws leaves it to be tried again, with its claim released and its neighbours handled', async () => {
    const bench = await classified(() => {
      throw new Error('a bug');
    });
    expect(Object.fromEntries(bench.outcomes())).toEqual({
      'orders-0@1': 'failed',
      'orders-0@2': 'heldBack',
      'orders-1@1': 'handled',
    });
    expect(bench.store.keys().map((key) => bench.store.peek(key)?.owner === undefined)).toContain(true);
    expect(bench.clock.pending).toBe(0);
  });

  it('that is an async function, as plain JavaScript allows, gives up on nothing: a promise is no yes', async () => {
    const answersLater = async (): Promise<boolean> => false;
    const bench = await classified((error) => Reflect.apply(answersLater, undefined, [error]));
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.outcomes().get('orders-0@1')).toBe('failed');
  });

  it('is not asked about what is unprocessable by its class', async () => {
    const asked: unknown[] = [];
    const bench = new HandlerBench(
      () => {
        throw new UnprocessableRecordError('no use');
      },
      { isNonRetryable: (error) => asked.push(error) > 0 },
    );
    expect(await bench.invoke([{ offset: 1, id: 1 }])).toEqual({ undone: [] });
    expect(asked).toEqual([]);
  });
});
