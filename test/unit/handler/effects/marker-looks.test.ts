import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { MarkerLooks } from '../../../../lib/handler/commit/marker-looks.ts';
import type { Unit } from '../../../../lib/handler/run/entry.ts';
import type { StartMode } from '../../../../lib/handler/run/shared-parts.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { coordinatesKeyOf, keyOf } from '../../../support/bench-keys.ts';
import { addOne, ledger, ledgerStore, markBench, transactionBench } from '../../../support/effect-bench.ts';
import { at } from '../../../support/handler-bench.ts';
import { markerWith } from '../../claim/markers.ts';
import { abandonedClaim, releasedClaim } from '../claims/claims-of-others.ts';
import { invokeOwnMode } from './own-mode.ts';

const record = { offset: 0, id: 'x' };
const bad = (): never => {
  throw new UnprocessableRecordError('no use');
};

const completed = (clock: FakeClock, forSeconds = 1_000) =>
  markerWith({ status: 'COMPLETED', expiresAtSeconds: clock.nowMs() / 1000 + forSeconds, owner: undefined });

describe('a record that was dead-lettered', () => {
  it('is known by the marker of its coordinates, and its handler is not called again', async () => {
    const store = ledgerStore();
    await transactionBench(bad, {}, { store }).invoke([record]);
    const bench = transactionBench(() => expect.unreachable(), {}, { store, seed: 2 });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
    expect(bench.deadLetters.letters).toEqual([]);
  });

  it('proves no effect for a corrected one with its business ID, in one batch with it', async () => {
    const store = ledgerStore();
    await transactionBench(bad, {}, { store }).invoke([record]);
    const bench = transactionBench(addOne, {}, { store, seed: 2 });
    expect(await bench.invoke([record, { ...record, partition: 1 }])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate', 'orders-1@0': 'handled' });
  });

  it('is known by them where another payload took effect under its business ID', async () => {
    const store = ledgerStore();
    const bench = transactionBench(() => expect.unreachable(), {}, { store });
    store.poke(keyOf(record), { ...completed(bench.clock), fingerprint: 'another' });
    store.poke(coordinatesKeyOf(record), completed(bench.clock));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
    expect(bench.deadLetters.letters).toEqual([]);
  });

  it('is not known by one that has expired', async () => {
    const bench = transactionBench(addOne);
    bench.store.poke(keyOf(record), releasedClaim(bench.clock));
    bench.store.poke(coordinatesKeyOf(record), completed(bench.clock, -10));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled' });
  });

  it('is undone when nobody can read whether it was', async () => {
    const store = ledgerStore({
      faults: (operation, keys) =>
        operation === 'read' && keys.includes(coordinatesKeyOf(record)) ? 'cutBefore' : undefined,
    });
    const handled: true[] = [];
    const bench = transactionBench(() => void handled.push(true), {}, { store });
    store.poke(keyOf(record), releasedClaim(bench.clock));
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(handled).toEqual([]);
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed' });
  });
});

describe('what was remembered of a completion', () => {
  it('is one of its payload only', async () => {
    const handled: string[] = [];
    const bench = markBench((given) => void handled.push(at(given)));
    await bench.invoke([record]);
    expect(await bench.invoke([{ ...record, offset: 1, payload: 'another' }])).toEqual({ undone: [] });
    expect(handled).toEqual(['orders-0@0']);
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch', record: { offset: 1 } }]);
  });

  it('is also what was read of it', async () => {
    const bench = transactionBench(() => expect.unreachable());
    bench.store.poke(keyOf(record), completed(bench.clock));
    await bench.invoke([record]);
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.store.count('read').calls).toBe(1);
  });

  it('is what was read of it as long as its marker lasts, and for its payload only', async () => {
    const handled: string[] = [];
    const bench = markBench((given) => void handled.push(at(given)));
    await bench.invoke([record]);
    const marker = bench.store.peek(keyOf(record));
    if (marker === undefined) throw new Error('there is no marker');
    const expiresAtSeconds = bench.clock.nowMs() / 1000 + 60;
    const store = ledgerStore();
    store.poke(keyOf(record), { ...marker, expiresAtSeconds });
    const warm = markBench((given) => void handled.push(at(given)), {}, { store, clock: bench.clock, seed: 2 });
    await warm.invoke([record]);
    await warm.invoke([{ ...record, offset: 1, payload: 'another' }]);
    expect(warm.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch', record: { offset: 1 } }]);
    expect(handled).toEqual(['orders-0@0']);
    await bench.clock.advance(61_000);
    expect(await warm.invoke([{ ...record, offset: 2 }])).toEqual({ undone: [] });
    expect(handled).toEqual(['orders-0@0', 'orders-0@2']);
  });
});

describe('a marker', () => {
  it.each([
    ['there is none', () => undefined],
    ['it is released', releasedClaim],
    ['its lease is over: an effect would be marked', abandonedClaim],
    ['it has expired', (clock: FakeClock) => completed(clock, -10)],
  ] as const)('stands in nobody’s way where %s', async (_why, marker) => {
    const bench = transactionBench(addOne);
    bench.store.poke(keyOf(record), marker(bench.clock));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled' });
    expect(bench.store.peek(keyOf(record))?.status).toBe('COMPLETED');
  });

  it.each(['cutBefore', 'throttle'] as const)('is read again after %s', async (fault) => {
    let left = 3;
    const store = ledgerStore({
      faults: (operation) => {
        if (operation !== 'read' || left === 0) return undefined;
        left -= 1;
        return fault;
      },
    });
    const bench = transactionBench(addOne, {}, { store });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled' });
  });

  it('costs its record one decoding, however often it is looked at', async () => {
    const keyed: unknown[] = [];
    const businessId = (given: { readonly offset: number }): string => {
      keyed.push(given.offset);
      return 'x';
    };
    const bench = transactionBench(addOne, { businessId });
    bench.store.poke(keyOf(record), releasedClaim(bench.clock));
    expect(await bench.invoke([record, { offset: 1, id: 'x' }])).toEqual({ undone: [] });
    expect(keyed).toEqual([0, 1]);
  });

  it('that two records share is asked for once a request', async () => {
    const asked: string[][] = [];
    const store = ledgerStore({
      delay: (operation, keys) => {
        if (operation === 'read') asked.push([...keys]);
        return undefined;
      },
    });
    const bench = transactionBench(addOne, {}, { store });
    expect(await bench.invoke([record, { ...record, partition: 1 }])).toEqual({ undone: [] });
    expect(asked).toEqual([[keyOf(record)]]);
  });

  it('that cannot be read while there is time leaves its record undone, and no handler is called', async () => {
    const store = ledgerStore({ faults: (operation) => (operation === 'read' ? 'cutBefore' : undefined) });
    const handled: true[] = [];
    const bench = transactionBench(() => void handled.push(true), {}, { store });
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(handled).toEqual([]);
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed' });
    expect(bench.clock.pending).toBe(0);
  });

  it('that nobody may read is read once', async () => {
    let reads = 0;
    const store = new (class extends MemoryStore {
      override read(keys: readonly string[]): ReturnType<MemoryStore['read']> {
        reads += 1;
        const error = new StoreError('configuration', 'not allowed');
        return Promise.resolve(keys.map(() => ({ kind: 'failed', error })));
      }
    })({ tables: { [ledger]: { partitionKey: 'id' } } });
    const handled: true[] = [];
    const bench = transactionBench(() => void handled.push(true), {}, { store });
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect({ reads, handled }).toEqual({ reads: 1, handled: [] });
  });

  it('that was read ahead for nothing is waited for: nothing goes on behind the answer', async () => {
    const clock = new FakeClock();
    let reads = 0;
    const store = ledgerStore({
      delay: (operation) => {
        if (operation !== 'read') return undefined;
        reads += 1;
        return reads > 1 ? undefined : new Promise((resolve) => void clock.schedule(5_000, resolve));
      },
    });
    const startMode: StartMode = (units, shared) => {
      const looks = new MarkerLooks(units, shared);
      const run = async (unit: Unit): Promise<void> => {
        // What is read ahead is on its way then.
        await new Promise<void>((resolve) => void clock.schedule(10, resolve));
        for (const entry of unit.entries) {
          expect(await looks.fresh(entry)).toEqual({ kind: 'free', seen: undefined });
          entry.settle('handled');
        }
      };
      return { run, end: () => looks.drain() };
    };
    expect(await invokeOwnMode({ startMode, store, clock }, [record])).toEqual({ batchItemFailures: [] });
    expect(reads).toBe(2);
    expect(clock.pending).toBe(0);
  });
});
