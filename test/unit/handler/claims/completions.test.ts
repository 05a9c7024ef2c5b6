import { describe, expect, it } from 'vitest';
import type { StoreFault, StoreOperation } from '../../../../lib/adapters/memory/fault.ts';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench, idOf } from '../../../support/handler-bench.ts';

const record: BenchRecord = { offset: 0, id: 'order' };

function recordsOf(count: number): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ offset, id: offset }));
}

/** Fails the first calls of an operation in the given way. */
function failingFirst(operation: StoreOperation, fault: StoreFault, calls = 1): MemoryStore {
  let left = calls;
  return new MemoryStore({
    faults: (of) => {
      if (of !== operation || left === 0) return undefined;
      left -= 1;
      return fault;
    },
  });
}

describe('an answer of the store that is lost', () => {
  it.each(['insert', 'complete'] as const)('of %s costs neither an effect nor a repetition', async (operation) => {
    const store = failingFirst(operation, 'cutAfter', 2);
    const bench = new HandlerBench(() => undefined, {}, { store });
    expect(await bench.invoke(recordsOf(5))).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(5);
    expect(bench.handlings.every(({ attempts, fence }) => attempts === 1 && fence === 1)).toBe(true);
    expect(recordsOf(5).every((one) => store.peek(keyOf(one))?.status === 'COMPLETED')).toBe(true);
  });

  it('of takeOver is recognised as our own claim', async () => {
    const store = failingFirst('takeOver', 'cutAfter');
    let fails = true;
    const bench = new HandlerBench(
      () => {
        if (fails) throw new Error('not now');
      },
      {},
      { store },
    );
    await bench.invoke([record]);
    fails = false;
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.handlings.map(({ attempts, fence }) => ({ attempts, fence }))).toEqual([
      { attempts: 1, fence: 1 },
      { attempts: 2, fence: 2 },
    ]);
  });

  it('of a release changes nothing: the record is undone either way, and free', async () => {
    const store = failingFirst('release', 'cutAfter');
    const bench = new HandlerBench(() => Promise.reject(new Error('not now')), {}, { store });
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(store.peek(keyOf(record))).toMatchObject({ owner: undefined, attempts: 1 });
  });

  it('of a read is asked for again', async () => {
    const store = failingFirst('read', 'cutAfter', 3);
    const bench = new HandlerBench(() => Promise.reject(new Error('not now')), {}, { store });
    await bench.invoke([record]);
    await bench.invoke([record]);
    expect(bench.handlings.map(({ attempts }) => attempts)).toEqual([1, 2]);
  });

  it('of a claim that was never answered at all leaves no claim that others have to wait for', async () => {
    let isDown = true;
    const store = new MemoryStore({ faults: (of) => (of === 'insert' && isDown ? 'cutAfter' : undefined) });
    const bench = new HandlerBench(() => undefined, {}, { store });
    // The claim is found to be its own at the second try; so it fails at reading only when all tries fail.
    expect(await bench.invoke([record], 10_000)).toEqual({ undone: ['orders-0@0'] });
    expect(store.peek(keyOf(record))).toBeUndefined();
    isDown = false;
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.handlings.map(({ attempts }) => attempts)).toEqual([1]);
  });
});

describe('completionLag', () => {
  it('1 starts a record only after the one before it is confirmed', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      delay: (operation) =>
        operation === 'complete' ? new Promise<void>((resolve) => clock.schedule(30, resolve)) : undefined,
    });
    const unconfirmed: number[] = [];
    const bench = new HandlerBench(
      (of) => {
        const before = recordsOf(of.offset).filter((one) => store.peek(keyOf(one))?.status !== 'COMPLETED');
        unconfirmed.push(before.length);
      },
      { completionLag: 1 },
      { clock, store },
    );
    expect(await bench.invoke(recordsOf(8))).toEqual({ undone: [] });
    expect(unconfirmed).toEqual(Array.from({ length: 8 }, () => 0));
    expect(store.count('complete').calls).toBe(8);
  });

  it.each([5, 25, 100])('%i is the most that a unit runs ahead of its confirmations', async (completionLag) => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      delay: (operation) =>
        operation === 'complete' ? new Promise<void>((resolve) => clock.schedule(200, resolve)) : undefined,
    });
    const unconfirmed: number[] = [];
    const bench = new HandlerBench(
      async (of) => {
        const before = recordsOf(of.offset).filter((one) => store.peek(keyOf(one))?.status !== 'COMPLETED');
        unconfirmed.push(before.length + 1);
        await new Promise<void>((resolve) => clock.schedule(1, resolve));
      },
      { completionLag },
      { clock, store },
    );
    expect(await bench.invoke(recordsOf(120))).toEqual({ undone: [] });
    expect(Math.max(...unconfirmed)).toBe(completionLag);
  });

  it('25 completes in requests of 25 with a fast handler', async () => {
    const bench = new HandlerBench(() => undefined);
    expect(await bench.invoke(recordsOf(100))).toEqual({ undone: [] });
    expect(bench.store.count('complete')).toEqual({ calls: 4, items: 100 });
  });
});

describe('a completion', () => {
  it('that fails for a while is tried again until it is confirmed', async () => {
    const store = failingFirst('complete', 'throttle', 6);
    const bench = new HandlerBench(() => undefined, { leaseMs: 3_000 }, { store });
    expect(await bench.invoke(recordsOf(3))).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(3);
  });

  it('that fails for good undoes its record and all after it, later completions notwithstanding', async () => {
    const third = keyOf({ offset: 2, id: 2 });
    let isFirst = true;
    const store: MemoryStore = new MemoryStore({
      faults: (operation, keys) => {
        if (operation !== 'complete' || !keys.includes(third) || !isFirst) return undefined;
        isFirst = false;
        store.poke(third, undefined);
        return undefined;
      },
    });
    const bench = new HandlerBench(() => undefined, {}, { store });
    expect(await bench.invoke(recordsOf(6))).toEqual({
      undone: ['orders-0@2', 'orders-0@3', 'orders-0@4', 'orders-0@5'],
    });
    expect(store.peek(keyOf({ offset: 3, id: 3 }))?.status).toBe('COMPLETED');
    // At the redelivery those are duplicates.
    expect(await bench.invoke(recordsOf(6).slice(2))).toEqual({ undone: [] });
    expect(bench.handlings.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 2]);
  });

  it('that fails until the end of the time leaves the record undone, in time', async () => {
    const store = failingFirst('complete', 'cutBefore', Number.POSITIVE_INFINITY);
    const bench = new HandlerBench(() => undefined, {}, { store });
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke([record], 10_000)).toEqual({ undone: ['orders-0@0'] });
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(10_000);
    expect(bench.clock.pending).toBe(0);
  });
});

describe('storeResult', () => {
  it('keeps what the handler returned', async () => {
    const bench = new HandlerBench((of) => ({ charged: idOf(of.value) }), { storeResult: true });
    await bench.invoke([record]);
    expect(bench.store.peek(keyOf(record))).toMatchObject({ status: 'COMPLETED', result: { charged: 'order' } });
  });

  it('keeps nothing by default', async () => {
    const bench = new HandlerBench(() => ({ charged: true }));
    await bench.invoke([record]);
    expect(bench.store.peek(keyOf(record))?.result).toBeUndefined();
  });

  it.each([
    ['too large', 'x'.repeat(500_000)],
    ['a function', () => undefined],
    ['a symbol in an object', { at: Symbol('here') }],
  ])('that cannot be kept (%s) never turns a finished effect into a failure', async (_what, result) => {
    const bench = new HandlerBench((of) => (of.offset === 0 ? result : 'fine'), { storeResult: true });
    expect(await bench.invoke([record, { offset: 1, id: 'next' }])).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(2);
    expect(bench.store.peek(keyOf(record))).toMatchObject({ status: 'COMPLETED', result: undefined });
    expect(bench.store.peek(keyOf({ offset: 1, id: 'next' }))?.result).toBe('fine');
    expect(bench.observations.filter(({ type }) => type === 'resultNotStored')).toHaveLength(1);
  });
});
