import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { coordinatesKeyOf, holdKeyOf, keyOf } from '../../../support/bench-keys.ts';
import {
  addOne,
  type EffectHandle,
  ledger,
  ledgerStore,
  markBench,
  transactionBench,
} from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';
import { markerWith } from '../../claim/markers.ts';
import { liveClaim, releasedClaim } from '../claims/claims-of-others.ts';

const refusedEffect: EffectHandle = (_record, { effects }) =>
  effects.check({ table: ledger, key: { id: 'absent' }, condition: 'attribute_exists(id)' });

const pause = (clock: FakeClock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });

const completed = (clock: FakeClock, fields: object = {}) =>
  markerWith({ status: 'COMPLETED', expiresAtSeconds: clock.nowMs() / 1000 + 1_000, owner: undefined, ...fields });

/** Answers that something is wrong with the table, for the keys of one record. */
class RefusingStore extends MemoryStore {
  readonly #key: string;
  readonly #operation: 'read' | 'setMarks';

  constructor(operation: 'read' | 'setMarks', record: BenchRecord) {
    super({ tables: { [ledger]: { partitionKey: 'id' } } });
    this.#operation = operation;
    this.#key = keyOf(record);
  }

  override async read(...given: Parameters<MemoryStore['read']>): ReturnType<MemoryStore['read']> {
    const results = await super.read(...given);
    return results.map((result, index) => this.#unless('read', given[0][index]) ?? result);
  }

  override async setMarks(...given: Parameters<MemoryStore['setMarks']>): ReturnType<MemoryStore['setMarks']> {
    const [marks, call] = given;
    const refused = marks.map((mark) => this.#unless('setMarks', mark.idempotencyKey));
    const results = await super.setMarks(
      marks.filter((_mark, index) => refused[index] === undefined),
      call,
    );
    const left = [...results];
    return refused.flatMap((one) => one ?? left.shift() ?? []);
  }

  #unless(operation: 'read' | 'setMarks', key: string | undefined) {
    if (operation !== this.#operation || key !== this.#key) return undefined;
    return { kind: 'failed', error: new StoreError('configuration', 'the table does not take it') } as const;
  }
}

describe('while a record before it is on its way and turns out undone', () => {
  const first = { offset: 0, id: 'first' };
  const second = { offset: 1, id: 'second' };
  const undone = { undone: ['orders-0@0', 'orders-0@1'] };
  const heldBack = { 'orders-0@0': 'failed', 'orders-0@1': 'heldBack' };

  it('a throw is not believed', async () => {
    const bench = transactionBench(
      (record, context) => {
        if (record.offset === 0) return refusedEffect(record, context);
        throw new UnprocessableRecordError('no use');
      },
      { commit: 'prefix' },
    );
    expect(await bench.invoke([first, second])).toEqual(undone);
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.outcomes()).toEqual(heldBack);
  });

  it('another payload under its business ID is not believed', async () => {
    const bench = transactionBench(refusedEffect, { commit: 'prefix' });
    bench.store.poke(keyOf(second), completed(bench.clock, { fingerprint: 'another' }));
    expect(await bench.invoke([first, second])).toEqual(undone);
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.outcomes()).toEqual(heldBack);
  });

  it('a marker that cannot be read stops nothing', async () => {
    const store = new RefusingStore('read', second);
    const bench = transactionBench(refusedEffect, { commit: 'prefix' }, { store });
    expect(await bench.invoke([first, second])).toEqual(undone);
    expect(bench.outcomes()).toEqual(heldBack);
  });

  it('no record is put aside for its held Kafka key', async () => {
    const store = new RefusingStore('setMarks', first);
    const bench = markBench(() => undefined, { afterDeadLetter: 'holdKey' }, { store });
    const kept = { ...second, key: 'a' };
    store.poke(holdKeyOf(kept), completed(bench.clock));
    expect(await bench.invoke([first, kept])).toEqual(undone);
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.outcomes()).toEqual(heldBack);
  });

  it('what is read of it late ends nothing', async () => {
    const store: MemoryStore = ledgerStore({
      delay: (operation, keys) =>
        operation === 'read' && keys.includes(coordinatesKeyOf(second)) ? pause(clock, 5_000) : undefined,
    });
    const clock = new FakeClock();
    const bench = transactionBench(refusedEffect, { commit: 'prefix' }, { store, clock });
    store.poke(keyOf(second), releasedClaim(clock));
    store.poke(coordinatesKeyOf(second), completed(clock));
    expect(await bench.invoke([first, second])).toEqual(undone);
    expect(bench.outcomes()).toEqual(heldBack);
  });

  it('two units that wait for each other end at once', async () => {
    const clock = new FakeClock();
    const bench = transactionBench(
      (record, context) => (record.offset === 0 ? refusedEffect(record, context) : addOne(record, context)),
      { commit: 'prefix' },
      { clock },
    );
    const began = clock.nowMs();
    const answer = await bench.invoke([
      { partition: 0, offset: 0, id: 'a' },
      { partition: 1, offset: 0, id: 'b' },
      { partition: 0, offset: 1, id: 'x' },
      { partition: 1, offset: 1, id: 'y' },
      { partition: 0, offset: 2, id: 'y' },
      { partition: 1, offset: 2, id: 'x' },
    ]);
    expect(answer).toMatchObject({ undone: expect.toSatisfy((all: string[]) => all.length === 6) });
    expect(clock.nowMs() - began).toBeLessThan(1_000);
  });
});

describe('a record whose business ID an earlier one of the batch has', () => {
  const leader: BenchRecord = { partition: 0, offset: 0, id: 'x' };
  const follower: BenchRecord = { partition: 1, offset: 0, id: 'x' };
  const third: BenchRecord = { partition: 2, offset: 0, id: 'x' };

  it.each(['transaction', 'mark'] as const)('is handled when that one failed, once, in mode %s', async (mode) => {
    const handled: string[] = [];
    const handle = (record: Parameters<EffectHandle>[0]): void => {
      handled.push(at(record));
      if (record.partition === 0) throw new Error('not now');
    };
    const bench = mode === 'mark' ? markBench(handle) : transactionBench(handle);
    expect(await bench.invoke([leader, follower, third])).toEqual({ undone: ['orders-0@0'] });
    expect(handled).toEqual(['orders-0@0', 'orders-1@0']);
    expect(bench.outcomes()).toEqual({
      'orders-0@0': 'failed',
      'orders-1@0': 'handled',
      'orders-2@0': 'duplicate',
    });
  });

  it('is not attempted when that one takes all the time', async () => {
    const bench = transactionBench(
      (_record, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('cut short')));
        }),
    );
    expect(await bench.invoke([leader, follower], 30_000)).toEqual({ undone: ['orders-0@0', 'orders-1@0'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed', 'orders-1@0': 'notAttempted' });
  });

  it.each([
    ['transaction', transactionBench],
    ['mark', markBench],
  ] as const)('is looked at anew when that one had another payload, in mode %s', async (_mode, newBench) => {
    const handled: string[] = [];
    const bench = newBench((record: Parameters<EffectHandle>[0]) => void handled.push(at(record)));
    const other = { ...follower, payload: 'another' };
    expect(await bench.invoke([leader, other])).toEqual({ undone: [] });
    expect(handled).toEqual(['orders-0@0']);
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch', record: { partition: 1 } }]);
  });
});

describe('the attempts that a handler is told', () => {
  it.each([
    ['follow those of a release', 4, (clock: FakeClock) => releasedClaim(clock, { attempts: 3 })],
    [
      'begin anew after a marker that has expired',
      1,
      (clock: FakeClock) => completed(clock, { attempts: 3, expiresAtSeconds: clock.nowMs() / 1000 - 10 }),
    ],
  ] as const)('%s', async (_what, expected, marker) => {
    const seen: unknown[] = [];
    const bench = transactionBench((_record, { attempts }) => void seen.push(attempts));
    bench.store.poke(keyOf({ offset: 0, id: 'x' }), marker(bench.clock));
    expect(await bench.invoke([{ offset: 0, id: 'x' }])).toEqual({ undone: [] });
    expect(seen).toEqual([expected]);
  });
});

describe('a record that another invocation has a claim on', () => {
  it('is waited for, and handled when the claim is over', async () => {
    let handledAtMs = 0;
    const bench = transactionBench((given, context) => {
      handledAtMs = bench.clock.nowMs();
      return addOne(given, context);
    });
    const overAtMs = bench.clock.nowMs() + 5_000;
    bench.store.poke(keyOf({ offset: 0, id: 'x' }), liveClaim(bench.clock, 5_000));
    expect(await bench.invoke([{ offset: 0, id: 'x' }])).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual([1]);
    // The other one's clock may be two seconds behind.
    expect(handledAtMs).toBeGreaterThan(overAtMs + 2_000);
  });

  it('is a duplicate when the claim was completed meanwhile', async () => {
    const bench = transactionBench(addOne);
    const key = keyOf({ offset: 0, id: 'x' });
    bench.store.poke(key, liveClaim(bench.clock, 5_000));
    bench.clock.schedule(1_000, () => bench.store.poke(key, completed(bench.clock)));
    expect(await bench.invoke([{ offset: 0, id: 'x' }])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
  });

  it('is busy when the claim outlasts the time', async () => {
    const store = ledgerStore();
    const bench = transactionBench(addOne, {}, { store });
    store.poke(keyOf({ offset: 0, id: 'x' }), liveClaim(bench.clock, 500_000));
    expect(
      await bench.invoke([
        { offset: 0, id: 'x' },
        { offset: 1, id: 'y' },
      ]),
    ).toEqual({
      undone: ['orders-0@0', 'orders-0@1'],
    });
    expect(bench.outcomes()).toMatchObject({ 'orders-0@0': 'busy' });
    expect(bench.counts()).toEqual({});
  });
});
