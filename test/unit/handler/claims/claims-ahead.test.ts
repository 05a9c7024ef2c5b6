import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench, idOf, lambdaEvent } from '../../../support/handler-bench.ts';

function recordsOf(count: number, partitions = 1): BenchRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    partition: Math.floor(at / (count / partitions)),
    offset: at,
    id: at,
  }));
}

/** A store that writes down the keys of each claiming call. */
function recordingStore(): { readonly store: MemoryStore; readonly lumps: (readonly string[])[] } {
  const lumps: (readonly string[])[] = [];
  const store = new MemoryStore({
    delay: (operation, keys) => {
      if (operation === 'insert') lumps.push(keys);
      return undefined;
    },
  });
  return { store, lumps };
}

function inProgress(store: MemoryStore): number {
  return store.keys().filter((key) => store.peek(key)?.status === 'INPROGRESS').length;
}

describe('claims ahead', () => {
  it.each([1, 12])('travel in full batches of 25 (%i partitions)', async (partitions) => {
    const { store, lumps } = recordingStore();
    const bench = new HandlerBench(() => undefined, {}, { store });
    expect(await bench.invoke(recordsOf(300, partitions))).toEqual({ undone: [] });
    expect(lumps.flat()).toHaveLength(300);
    expect(lumps.slice(0, -1).every((lump) => lump.length % 25 === 0)).toBe(true);
  });

  it('are made in the order in which the records can start: the first of each partition, then the second', async () => {
    const { store, lumps } = recordingStore();
    const bench = new HandlerBench(() => undefined, {}, { store });
    const batch = recordsOf(48, 4);
    await bench.invoke(batch);
    const places = new Map(batch.map((record) => [keyOf(record), record.offset % 12]));
    expect(lumps[0]?.map((key) => places.get(key))).toEqual(Array.from({ length: 25 }, (_, at) => Math.floor(at / 4)));
  });

  it('are one batch while nothing is known of the handler, and no more than a slow one can use', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const held: number[] = [];
    const bench = new HandlerBench(
      async () => {
        held.push(inProgress(store));
        await new Promise<void>((resolve) => clock.schedule(4_000, resolve));
      },
      { leaseMs: 3_000, maxConcurrency: 2, completionLag: 1 },
      { clock, store },
    );
    await bench.invoke(recordsOf(100), 120_000);
    expect(held[0]).toBe(25);
    // One handler lasts longer than a third of a lease: nothing is claimed ahead of those that can run.
    expect(Math.max(...held.slice(-5))).toBeLessThanOrEqual(4);
  });

  it('are at most six batches with a fast handler: half of the look-ahead is used up before more is claimed', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const held: number[] = [];
    const bench = new HandlerBench(() => void held.push(inProgress(store)), {}, { clock, store });
    expect(await bench.invoke(recordsOf(1_000))).toEqual({ undone: [] });
    // Those handled and not yet confirmed are in progress too.
    expect(Math.max(...held)).toBeLessThanOrEqual(150 + 25);
  });

  it('are given back when their unit stops, without a trace', async () => {
    const bench = new HandlerBench((record) => {
      if (idOf(record.value) === 3) throw new Error('not now');
    });
    const batch = recordsOf(40);
    expect(await bench.invoke(batch)).toEqual({ undone: batch.slice(3).map(({ offset }) => `orders-0@${offset}`) });
    expect(bench.store.keys()).toHaveLength(4);
    expect(bench.store.peek(keyOf({ offset: 3, id: 3 }))).toMatchObject({ owner: undefined, attempts: 1 });
  });

  it('are given back at the stop of their own unit only', async () => {
    const bench: HandlerBench = new HandlerBench(async (record) => {
      if (record.partition === 0) throw new Error('not now');
      await new Promise<void>((resolve) => bench.clock.schedule(10, resolve));
    });
    const answer = await bench.invoke(recordsOf(60, 3));
    expect(answer).toEqual({ undone: recordsOf(20).map(({ offset }) => `orders-0@${offset}`) });
    expect(bench.store.count('insert').items).toBeLessThanOrEqual(60);
  });

  it('are all given back when no time is left', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const bench = new HandlerBench(
      () => new Promise<void>((resolve) => clock.schedule(900, resolve)),
      { completionLag: 1 },
      { clock, store },
    );
    const answer = await bench.invoke(recordsOf(30), 5_000);
    const handled = bench.handlings.length;
    expect('undone' in answer && answer.undone).toHaveLength(30 - handled);
    expect(store.keys()).toHaveLength(handled);
    expect(inProgress(store)).toBe(0);
    expect([...bench.outcomes().values()].filter((outcome) => outcome === 'notAttempted')).toHaveLength(30 - handled);
  });

  it('hold no claim back from another invocation after the answer', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore();
    const failing = new HandlerBench(() => Promise.reject(new Error('not now')), {}, { clock, store });
    const other = new HandlerBench(() => undefined, {}, { clock, store, seed: 2 });
    await failing.invoke(recordsOf(60, 2));
    const startedAtMs = clock.nowMs();
    expect(await other.invoke(recordsOf(60, 2))).toEqual({ undone: [] });
    expect(clock.nowMs() - startedAtMs).toBeLessThan(200);
  });

  it('of an event without records are none', async () => {
    const bench = new HandlerBench(() => undefined);
    const answer = await bench.invokeEvent(lambdaEvent([]));
    expect('undone' in answer ? answer.undone : 'threw').toBeDefined();
    expect(bench.store.count('insert').calls).toBe(0);
    expect(bench.clock.pending).toBe(0);
  });
});
