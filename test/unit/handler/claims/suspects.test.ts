import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import type { Marker } from '../../../../lib/core/claim/marker.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';
import { storeWith } from '../../../support/store-with.ts';
import { markerWith } from '../../claim/markers.ts';

function suspectMarker(clock: FakeClock, fields: Partial<Marker> = {}): Marker {
  const expiresAtSeconds = Math.ceil(clock.nowMs() / 1000) + 86_400;
  return markerWith({ expiresAtSeconds, leaseUntilMs: clock.nowMs() - 60_000, owner: 'dead', fence: 7, ...fields });
}

function pass(clock: FakeClock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.schedule(ms, resolve));
}

describe('a suspect', () => {
  it('whose claim is given back unstarted is still one, with the attempts that it had', async () => {
    const clock = new FakeClock();
    const suspect: BenchRecord = { offset: 0, id: 'suspect' };
    const memory = new MemoryStore();
    // The takeover is answered after the last moment at which a handler may start.
    const store = storeWith(
      {
        takeOver: async (claims, call) => {
          const results = await memory.takeOver(claims, call);
          await pass(clock, 54_500);
          return results;
        },
      },
      memory,
    );
    const bench = new HandlerBench(() => undefined, { store }, { clock, store: memory });
    memory.poke(keyOf(suspect), suspectMarker(clock, { attempts: 3 }));
    await bench.invoke([suspect, { offset: 1, id: 'other' }]);
    expect(bench.handlings).toEqual([]);
    const left = memory.peek(keyOf(suspect));
    expect(left).toMatchObject({ status: 'INPROGRESS', attempts: 3, alone: false, fence: 8 });
    expect(left?.owner).toBeDefined();
    // Its lease is over: the next delivery need not wait.
    const startedAtMs = clock.nowMs();
    expect(await new HandlerBench(() => undefined, {}, { clock, store: memory, seed: 2 }).invoke([suspect])).toEqual({
      undone: [],
    });
    expect(clock.nowMs() - startedAtMs).toBeLessThan(1_000);
  });

  it('whose takeover was not answered in time is still one', async () => {
    const clock = new FakeClock();
    const suspect: BenchRecord = { offset: 0, id: 'suspect' };
    const store: MemoryStore = new MemoryStore({
      faults: (operation) => (operation === 'takeOver' ? 'cutAfter' : undefined),
    });
    const bench = new HandlerBench(() => undefined, {}, { clock, store });
    store.poke(keyOf(suspect), suspectMarker(clock, { attempts: 3 }));
    expect(await bench.invoke([suspect, { offset: 1, id: 'other' }], 3_000)).toHaveProperty('undone.length', 2);
    expect(store.peek(keyOf(suspect))).toMatchObject({ status: 'INPROGRESS', attempts: 3, alone: false });
    expect(store.peek(keyOf(suspect))?.owner).toBeDefined();
  });

  it('is handled while no effect of its invocation is unconfirmed', async () => {
    const clock = new FakeClock();
    const suspect: BenchRecord = { partition: 1, offset: 0, id: 'suspect' };
    const done: BenchRecord = { partition: 0, offset: 0, id: 'done' };
    const busy: BenchRecord = { partition: 0, offset: 1, id: 'busy' };
    const store: MemoryStore = new MemoryStore({
      delay: (operation) => (operation === 'complete' ? pass(clock, 5_000) : undefined),
    });
    const seen: unknown[] = [];
    const bench = new HandlerBench(
      ({ partition }) => {
        if (partition === 1) seen.push(store.peek(keyOf(done))?.status);
      },
      {},
      { clock, store },
    );
    store.poke(keyOf(suspect), suspectMarker(clock));
    store.poke(keyOf(busy), suspectMarker(clock, { leaseUntilMs: clock.nowMs() + 20_000 }));
    await bench.invoke([done, busy, suspect]);
    expect(seen).toEqual(['COMPLETED']);
  });

  it('that was dead-lettered as unknown is a duplicate at once, and so is each other of its ID a letter at once', async () => {
    const clock = new FakeClock();
    const suspect: BenchRecord = { offset: 0, id: 'suspect' };
    const bench = new HandlerBench(() => undefined, { onUnknownOutcome: 'deadLetter' }, { clock });
    bench.store.poke(keyOf(suspect), suspectMarker(clock));
    await bench.invoke([suspect]);
    const startedAtMs = clock.nowMs();
    expect(await bench.invoke([suspect])).toEqual({ undone: [] });
    const others = [1, 2, 3, 4, 5, 6].map((offset) => ({ ...suspect, offset }));
    expect(await bench.invoke(others)).toEqual({ undone: [] });
    expect(clock.nowMs() - startedAtMs).toBeLessThan(1_000);
    expect(bench.deadLetters.letters.map(({ record }) => record.offset)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(bench.handlings).toEqual([]);
  });
});

describe('a claim in progress', () => {
  it('does not expire before its lease, however short the retention', async () => {
    const clock = new FakeClock();
    const record: BenchRecord = { offset: 0, id: 'slow' };
    let during: Marker | undefined;
    const bench = new HandlerBench(
      async () => {
        await pass(clock, 700_000);
        during = bench.store.peek(keyOf(record));
      },
      { expiresAfterSeconds: 60 },
      { clock },
    );
    expect(await bench.invoke([record], 840_000)).toEqual({ undone: [] });
    expect(during?.leaseUntilMs).toBeGreaterThan(clock.nowMs() - 30_000);
    expect((during?.expiresAtSeconds ?? 0) * 1000).toBeGreaterThan(during?.leaseUntilMs ?? 0);
  });
});
