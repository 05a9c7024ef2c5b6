import { describe, expect, it } from 'vitest';
import type { StoreFault, StoreOperation } from '../../../../lib/adapters/memory/fault.ts';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { DeadLetterReason } from '../../../../lib/ports/dead-letter-sink.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { coordinatesKeyOf, holdKeyOf, keyOf } from '../../../support/bench-keys.ts';
import {
  type BenchOptions,
  type BenchParts,
  type BenchRecord,
  base64,
  HandlerBench,
} from '../../../support/handler-bench.ts';

const poison: BenchRecord = { offset: 0, id: 'a0', key: 'a', payload: 'poison' };
const hold = holdKeyOf({ key: 'a' });

/** A later record; its Kafka key is the first letter of its ID. */
function good(offset: number, id: string): BenchRecord {
  return { offset, id, key: id.slice(0, 1) };
}

/** Refuses records whose payload is poison, for good. */
function refusePoison({ value }: { readonly value: unknown }): void {
  if (JSON.stringify(value).includes('poison')) throw new UnprocessableRecordError('no use');
}

function benchOf(options: BenchOptions = {}, parts: BenchParts = {}): HandlerBench {
  return new HandlerBench(
    refusePoison,
    { afterDeadLetter: 'holdKey', rememberedCompletions: 0, ...options },
    { store: new MemoryStore(), ...parts },
  );
}

/** A store that fails where told to. */
function failingStore(
  fails: (operation: StoreOperation, keys: readonly string[]) => StoreFault | undefined,
): MemoryStore {
  return new MemoryStore({ faults: fails });
}

function letters(bench: HandlerBench): [offset: number, reason: DeadLetterReason][] {
  return bench.deadLetters.letters.map(({ record, reason }) => [record.offset, reason]);
}

function handled(bench: HandlerBench): string[] {
  return bench.handlings.map((handling) => handling.at);
}

describe.each(['partition', 'key'] as const)('a held key, ordering %s', (ordering) => {
  it('puts later records of the key aside in their order, within a batch, and lets other keys go on', async () => {
    const bench = benchOf({ ordering });
    const batch = [good(1, 'b1'), good(2, 'a2'), good(3, 'b3'), good(4, 'a4'), good(5, 'a5')];
    expect(await bench.invoke([poison, ...batch])).toEqual({ undone: [] });
    expect(handled(bench).sort()).toEqual(['orders-0@0', 'orders-0@1', 'orders-0@3']);
    expect(letters(bench)).toEqual([
      [0, 'unprocessable'],
      [2, 'keyHeld'],
      [4, 'keyHeld'],
      [5, 'keyHeld'],
    ]);
    expect(bench.outcomes().get('orders-0@2')).toBe('deadLettered');
  });

  it('lets the records before the dead letter be handled', async () => {
    const bench = benchOf({ ordering });
    await bench.invoke([good(0, 'a0'), good(1, 'a1'), { ...poison, offset: 2, id: 'a2' }, good(3, 'a3')]);
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@1', 'orders-0@2']);
    expect(letters(bench)).toEqual([
      [2, 'unprocessable'],
      [3, 'keyHeld'],
    ]);
  });

  it('puts them aside in later invocations and in other environments', async () => {
    const first = benchOf({ ordering });
    await first.invoke([poison]);
    const { store, deadLetters } = first;
    const second = benchOf({ ordering }, { store, deadLetters, seed: 2 });
    expect(await second.invoke([good(1, 'a1'), good(2, 'b2'), good(3, 'a3')])).toEqual({ undone: [] });
    expect(handled(second)).toEqual(['orders-0@2']);
    expect(letters(second)).toEqual([
      [0, 'unprocessable'],
      [1, 'keyHeld'],
      [3, 'keyHeld'],
    ]);
  });
});

describe('a held key', () => {
  it('is one of its topic, in whatever partition', async () => {
    const bench = benchOf();
    await bench.invoke([poison]);
    await bench.invoke([
      { ...good(1, 'a1'), partition: 3 },
      { ...good(2, 'a2'), topic: 'payments' },
    ]);
    expect(handled(bench)).toEqual(['orders-0@0', 'payments-0@2']);
    expect(letters(bench).at(-1)).toEqual([1, 'keyHeld']);
  });

  it('is held from its letter on, not only from its marker on', async () => {
    const clock = new FakeClock();
    const lasting = (ms: number): Promise<void> => new Promise((resolve) => clock.schedule(ms, resolve));
    const store = new MemoryStore({
      delay: (operation, keys) => (operation === 'markCompleted' && keys.includes(hold) ? lasting(1_000) : undefined),
    });
    const bench = new HandlerBench(
      async (record) => {
        refusePoison(record);
        await lasting(500);
      },
      { afterDeadLetter: 'holdKey' },
      { clock, store },
    );
    const other = (record: BenchRecord): BenchRecord => ({ ...record, partition: 1 });
    expect(await bench.invoke([poison, other(good(1, 'b1')), other(good(2, 'a2'))])).toEqual({ undone: [] });
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-1@1']);
    expect(letters(bench)).toEqual([
      [0, 'unprocessable'],
      [2, 'keyHeld'],
    ]);
  });

  it('is named in each letter by the key of its marker, which names the first record', async () => {
    const bench = benchOf();
    await bench.invoke([poison, good(1, 'a1')]);
    expect(bench.deadLetters.letters.map(({ holdKey }) => holdKey)).toEqual([hold, hold]);
    expect(bench.store.peek(hold)).toMatchObject({ status: 'COMPLETED', source: 'orders-0@0' });
    expect(bench.deadLetters.letters.map(({ attempts }) => attempts)).toEqual([1, 0]);
  });

  it('is handled again once its marker was deleted, also what is produced again', async () => {
    const bench = benchOf();
    await bench.invoke([poison, good(1, 'a1')]);
    bench.store.poke(hold, undefined);
    await bench.invoke([good(2, 'a2'), good(3, 'a1'), { ...good(4, 'a0'), payload: 'mended' }]);
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@2', 'orders-0@3', 'orders-0@4']);
    expect(letters(bench)).toHaveLength(2);
  });

  it('is released by itself when its marker expires, deleted or not', async () => {
    const bench = benchOf({ expiresAfterSeconds: 3_600 });
    await bench.invoke([poison]);
    await bench.clock.advance(3_500_000);
    await bench.invoke([good(1, 'a1')]);
    await bench.clock.advance(200_000);
    await bench.invoke([good(2, 'a2')]);
    expect(bench.store.peek(hold)?.status).toBe('COMPLETED');
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@2']);
  });

  it.each([
    ['with business IDs', 'value.id'],
    ['known by coordinates', () => undefined],
  ])('makes no second letter at a redelivery, %s, not even after its release', async (_, businessId) => {
    const bench = benchOf({ businessId });
    const batch = [poison, good(1, 'a1'), good(2, 'b2'), good(3, 'a3')];
    await bench.invoke(batch);
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    bench.store.poke(hold, undefined);
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(letters(bench).map(([offset]) => offset)).toEqual([0, 1, 3]);
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@2']);
    expect([...bench.outcomes().values()]).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate']);
  });

  it('makes no letter of what was handled before it', async () => {
    const bench = benchOf();
    await bench.invoke([good(0, 'a0')]);
    await bench.invoke([{ ...poison, offset: 1, id: 'a1' }]);
    expect(await bench.invoke([good(0, 'a0')])).toEqual({ undone: [] });
    expect(letters(bench)).toEqual([[1, 'unprocessable']]);
    expect(bench.outcomes().get('orders-0@0')).toBe('duplicate');
  });

  it.each([
    ['failed too often', { thrown: new Error('down'), maxAttempts: 1 }, 'attemptsExhausted'],
    ['cannot be decoded', { rawValue: '!' }, 'undecodable'],
  ] as const)('is held by a record that %s', async (_, how, reason) => {
    const bench = new HandlerBench(
      ({ offset }) => {
        if (offset === 0 && 'thrown' in how) throw how.thrown;
      },
      { afterDeadLetter: 'holdKey', maxAttempts: 1 },
    );
    const bad = 'rawValue' in how ? { offset: 0, key: 'a', rawValue: how.rawValue } : good(0, 'a0');
    await bench.invoke([bad, good(1, 'a1')]);
    expect(letters(bench)).toEqual([
      [0, reason],
      [1, 'keyHeld'],
    ]);
  });

  it('is held by a mismatch', async () => {
    const bench = benchOf();
    await bench.invoke([good(0, 'a0')]);
    await bench.invoke([{ ...good(1, 'a0'), payload: 'other' }, good(2, 'a2')]);
    expect(letters(bench)).toEqual([
      [1, 'fingerprintMismatch'],
      [2, 'keyHeld'],
    ]);
  });

  it('holds a record of unknown outcome too, and leaves it a suspect', async () => {
    const bench = benchOf();
    await bench.invoke([poison]);
    const suspect = good(1, 'a1');
    bench.store.poke(keyOf(suspect), {
      status: 'INPROGRESS',
      expiresAtSeconds: 4_000_000_000,
      leaseUntilMs: 1,
      owner: 'gone',
      fence: 1,
      attempts: 1,
      alone: false,
      fingerprint: undefined,
      result: undefined,
      source: 'orders-0@1',
    });
    for (let delivery = 0; delivery < 2; delivery += 1) {
      expect(await bench.invoke([suspect, good(2, 'b2')])).toEqual({ undone: [] });
    }
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@2']);
    expect(letters(bench)).toEqual([
      [0, 'unprocessable'],
      [1, 'keyHeld'],
    ]);
    expect(bench.store.peek(keyOf(suspect))).toMatchObject({ status: 'INPROGRESS', leaseUntilMs: 1, attempts: 1 });
  });

  it('holds a follower of a record that was put aside', async () => {
    const bench = benchOf();
    await bench.invoke([poison, good(1, 'a1'), good(2, 'a1')]);
    expect(letters(bench).map(([offset]) => offset)).toEqual([0, 1, 2]);
  });

  it('is seen although it was written while the records waited for another invocation', async () => {
    const store = new MemoryStore();
    const first = benchOf({ businessId: () => undefined }, { store });
    const entered = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = new HandlerBench(
      async (record) => {
        entered.resolve();
        await goOn.promise;
        refusePoison(record);
      },
      { afterDeadLetter: 'holdKey', rememberedCompletions: 0, businessId: () => undefined },
      { store, clock: first.clock, deadLetters: first.deadLetters, seed: 2 },
    );
    const zombie = slow.start({ records: { 'orders-0': [kafkaRecord(poison)] } });
    await entered.promise;
    const later = first.start({ records: { 'orders-0': [kafkaRecord(poison), kafkaRecord(good(1, 'a1'))] } });
    goOn.resolve();
    expect(await first.clock.runUntilSettled(Promise.all([zombie, later]))).toEqual([{ undone: [] }, { undone: [] }]);
    expect(handled(first)).toEqual([]);
    expect(letters(first)).toEqual([
      [0, 'unprocessable'],
      [1, 'keyHeld'],
    ]);
  });

  it('is seen although it was written between the claim request and the claims', async () => {
    const batch = [poison, good(1, 'a1')];
    const other = benchOf({ businessId: () => undefined });
    await other.invoke([poison]);
    const store = new MemoryStore({
      delay: async (operation) => {
        if (operation !== 'insert') return;
        for (const key of other.store.keys()) store.poke(key, other.store.peek(key));
      },
    });
    const bench = benchOf({ businessId: () => undefined }, { store });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(handled(bench)).toEqual([]);
    expect(letters(bench)).toEqual([[1, 'keyHeld']]);
  });
});

function kafkaRecord({ offset, key, id, payload }: BenchRecord): object {
  const value = base64(JSON.stringify({ id, ...(payload === undefined ? {} : { payload }) }));
  return { topic: 'orders', partition: 0, offset, timestamp: 1_700_000_000_000, key: base64(key ?? ''), value };
}

describe('a hold that cannot be written', () => {
  it.each(['throttle', 'cutBefore'] as const)(
    'leaves the record undone and lets nothing of its key pass (%s)',
    async (fault) => {
      let isDown = true;
      const store = failingStore((operation, keys) =>
        isDown && operation === 'markCompleted' && keys.includes(hold) ? fault : undefined,
      );
      const bench = benchOf({ ordering: 'key' }, { store });
      const batch = [poison, good(1, 'b1'), good(2, 'a2'), { ...good(3, 'a3'), partition: 1 }];
      for (let delivery = 1; delivery <= 2; delivery += 1) {
        const answer = await bench.invoke(batch);
        expect(answer).toMatchObject({ undone: expect.arrayContaining(['orders-0@0', 'orders-0@2']) });
        expect(bench.outcomes().get('orders-0@0')).toBe('failed');
        expect(bench.outcomes().get('orders-0@2')).toBe('heldBack');
        expect(bench.store.peek(coordinatesKeyOf(poison))).toBeUndefined();
      }
      expect(handled(bench)).not.toContain('orders-0@2');
      isDown = false;
      expect(await bench.invoke(batch)).toEqual({ undone: [] });
      expect(handled(bench)).not.toContain('orders-0@2');
      expect(letters(bench)).toContainEqual([2, 'keyHeld']);
    },
  );

  it('but was, with its answer lost, costs a second letter', async () => {
    let losses = 1;
    const store = failingStore((operation) => {
      if (operation !== 'markCompleted' || losses === 0) return undefined;
      losses -= 1;
      return 'cutAfter';
    });
    const bench = benchOf({}, { store });
    expect(await bench.invoke([poison, good(1, 'a1')])).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(await bench.invoke([poison, good(1, 'a1')])).toEqual({ undone: [] });
    expect(handled(bench)).toEqual(['orders-0@0']);
    expect(letters(bench).map(([offset]) => offset)).toEqual([0, 0, 1]);
  });

  it('is not tried before the letter is stored', async () => {
    const bench = benchOf();
    bench.deadLetters.fault = 'refuse';
    expect(await bench.invoke([poison, good(1, 'a1')])).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.store.peek(hold)).toBeUndefined();
    bench.deadLetters.fault = undefined;
    expect(await bench.invoke([poison, good(1, 'a1')])).toEqual({ undone: [] });
    expect(letters(bench)).toEqual([
      [0, 'unprocessable'],
      [1, 'keyHeld'],
    ]);
  });
});

describe('a letter of a held record', () => {
  it('that cannot be stored leaves it undone, unstarted and uncounted', async () => {
    const bench = benchOf();
    await bench.invoke([poison]);
    bench.deadLetters.fault = 'refuse';
    expect(await bench.invoke([good(1, 'a1')])).toEqual({ undone: ['orders-0@1'] });
    expect(bench.store.peek(keyOf(good(1, 'a1')))).toBeUndefined();
    bench.deadLetters.fault = undefined;
    expect(await bench.invoke([good(1, 'a1')])).toEqual({ undone: [] });
    expect(letters(bench)).toHaveLength(2);
  });
});

describe('a record whose earlier neighbour turns out undone', () => {
  it('does not hold the key before that one', async () => {
    let isDown = true;
    const early = good(0, 'a0');
    const store = failingStore((operation, keys) =>
      isDown && operation === 'complete' && keys.includes(keyOf(early)) ? 'throttle' : undefined,
    );
    const bench = benchOf({}, { store });
    const batch = [early, { ...poison, offset: 1, id: 'a1' }];
    expect(await bench.invoke(batch, 10_000)).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(letters(bench)).toEqual([]);
    expect(bench.store.peek(hold)).toBeUndefined();
    isDown = false;
    await bench.clock.advance(60_000);
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(letters(bench)).toEqual([[1, 'unprocessable']]);
  });
});

describe('hold markers that cannot be read', () => {
  it('leave the records undone, unhandled and unclaimed', async () => {
    let isDown = true;
    const store = failingStore((operation) => (isDown && operation === 'read' ? 'throttle' : undefined));
    const bench = benchOf({}, { store });
    expect(await bench.invoke([good(1, 'a1'), good(2, 'a2')], 10_000)).toEqual({
      undone: ['orders-0@1', 'orders-0@2'],
    });
    expect(handled(bench)).toEqual([]);
    expect(bench.outcomes().get('orders-0@1')).toBe('failed');
    expect(bench.store.keys()).toEqual([]);
    expect(bench.clock.pending).toBe(0);
    isDown = false;
    expect(await bench.invoke([good(1, 'a1'), good(2, 'a2')])).toEqual({ undone: [] });
    expect(handled(bench)).toEqual(['orders-0@1', 'orders-0@2']);
  });

  it('are waited for', async () => {
    let failures = 3;
    const store = failingStore((operation) => {
      if (operation !== 'read' || failures === 0) return undefined;
      failures -= 1;
      return 'throttle';
    });
    const bench = benchOf({}, { store });
    expect(await bench.invoke([good(1, 'a1')])).toEqual({ undone: [] });
    expect(failures).toBe(0);
    expect(handled(bench)).toEqual(['orders-0@1']);
  });
});

describe('what it costs', () => {
  it('is one read of each Kafka key in a claim request, and none for duplicates', async () => {
    const bench = benchOf();
    const batch = Array.from({ length: 20 }, (_, index) => good(index, `${index % 2 === 0 ? 'a' : 'b'}${index}`));
    await bench.invoke(batch);
    expect(bench.store.count('insert').calls).toBe(1);
    expect(bench.store.count('read')).toEqual({ calls: 1, items: 2 });
    await bench.invoke(batch);
    expect(bench.store.count('read')).toEqual({ calls: 1, items: 2 });
  });

  it('is nothing for records without a Kafka key: they go on as they come', async () => {
    const bench = benchOf();
    const { key: _, ...keyless } = poison;
    expect(await bench.invoke([keyless, { offset: 1, id: 'a1' }, { offset: 2, id: 'a2', key: '' }])).toEqual({
      undone: [],
    });
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@1', 'orders-0@2']);
    expect(letters(bench)).toEqual([[0, 'unprocessable']]);
    expect(bench.deadLetters.letters[0]?.holdKey).toBeUndefined();
    expect(bench.store.count('read').calls).toBe(0);
  });

  it.each([{ afterDeadLetter: 'continue' }, {}] as const)('is nothing under %o: the key goes on', async (options) => {
    const bench = new HandlerBench(refusePoison, options);
    expect(await bench.invoke([poison, good(1, 'a1')])).toEqual({ undone: [] });
    await bench.invoke([good(2, 'a2')]);
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@1', 'orders-0@2']);
    expect(letters(bench)).toEqual([[0, 'unprocessable']]);
    expect(bench.deadLetters.letters[0]?.holdKey).toBeUndefined();
    expect(bench.store.peek(hold)).toBeUndefined();
    expect(bench.store.count('read').calls).toBe(0);
    expect(bench.store.count('markCompleted')).toEqual({ calls: 1, items: 1 });
  });
});

describe('the records of each claim made when its handler is ready', () => {
  it('are put aside as well', async () => {
    const bench = benchOf({ onUnknownOutcome: 'deadLetter' });
    expect(await bench.invoke([poison, good(1, 'a1'), good(2, 'b2')])).toEqual({ undone: [] });
    expect(letters(bench)).toEqual([
      [0, 'unprocessable'],
      [1, 'keyHeld'],
    ]);
    expect(handled(bench)).toEqual(['orders-0@0', 'orders-0@2']);
  });
});
