import { describe, expect, it } from 'vitest';
import { MemoryStore, type MemoryStoreOptions } from '../../../../lib/adapters/memory/memory-store.ts';
import type { Marker } from '../../../../lib/core/claim/marker.ts';
import type { StoreErrorKind } from '../../../../lib/ports/store-error.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import type { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type ModeBench, markBench } from '../../../support/effect-bench.ts';
import { markerWith } from '../../claim/markers.ts';
import { liveClaim, releasedClaim } from '../claims/claims-of-others.ts';

const record = { offset: 0, id: 'x' };
const key = keyOf(record);

/** A bench in whose handler a marker of somebody else's comes to stand in the way. */
function meeting(marker: (clock: FakeClock) => Marker | undefined, options: MemoryStoreOptions = {}): ModeBench {
  const bench: ModeBench = markBench(
    () => bench.store.poke(key, marker(bench.clock)),
    {},
    { store: new MemoryStore(options) },
  );
  return bench;
}

/** A store that takes no marks, for this reason. */
class RefusingStore extends MemoryStore {
  readonly #kind: StoreErrorKind;

  constructor(kind: StoreErrorKind) {
    super();
    this.#kind = kind;
  }

  override async setMarks(...[marks, call]: Parameters<MemoryStore['setMarks']>): ReturnType<MemoryStore['setMarks']> {
    await super.setMarks([], call);
    this.refused += marks.length;
    return marks.map(() => ({ kind: 'failed', error: new StoreError(this.#kind, 'not this one') }));
  }

  refused = 0;
}

describe('a mark that meets another marker', () => {
  it('of a live claim, waits until that is over and replaces it', async () => {
    const bench = meeting((clock) => liveClaim(clock, 5_000));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled' });
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', fence: 8 });
  });

  it('of a claim that outlasts the time, leaves its record undone', async () => {
    const bench = meeting((clock) => liveClaim(clock, 500_000));
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.store.peek(key)).toMatchObject({ status: 'INPROGRESS', owner: 'another' });
  });

  it('of a release, replaces it', async () => {
    const bench = meeting((clock) => releasedClaim(clock));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', fence: 8 });
  });

  it.each(['its own payload', 'another one'])('of somebody who was quicker with %s, is done', async (whose) => {
    const fingerprint = whose === 'another one' ? 'another' : undefined;
    const bench = meeting((clock) =>
      markerWith({ status: 'COMPLETED', expiresAtSeconds: clock.nowMs() / 1000 + 1_000, fingerprint, fence: 3 }),
    );
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled' });
    expect(bench.store.count('setMarks').calls).toBe(1);
    expect(bench.store.peek(key)).toMatchObject({ fence: 3 });
  });

  it('begins anew when the one that it was to replace has gone', async () => {
    const bench = meeting(() => undefined);
    bench.store.poke(key, releasedClaim(bench.clock));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', fence: 1 });
  });

  it('that cannot be read, leaves its record undone', async () => {
    let isHandled = false;
    const bench = meeting(
      (clock) => {
        isHandled = true;
        return liveClaim(clock, 1_000);
      },
      { faults: (operation) => (isHandled && operation === 'read' ? 'cutBefore' : undefined) },
    );
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
  });
});

describe('a mark', () => {
  it('has the attempts that were made', async () => {
    const bench = markBench(() => undefined);
    bench.store.poke(key, releasedClaim(bench.clock, { attempts: 3 }));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', attempts: 4 });
  });

  it('is sent at once where no other may be on its way', async () => {
    const bench = markBench(() => undefined, { completionLag: 1 });
    const startMs = bench.clock.nowMs();
    await bench.invoke(Array.from({ length: 20 }, (_, offset) => ({ offset, id: `id-${offset}` })));
    expect(bench.clock.nowMs()).toBe(startMs);
    expect(bench.store.count('setMarks').calls).toBe(20);
  });
});

describe('a mark that fails', () => {
  it.each(['cutBefore', 'cutAfter', 'throttle'] as const)('by %s is written again', async (fault) => {
    let left = 3;
    const faults: MemoryStoreOptions['faults'] = (operation) => {
      if (operation !== 'setMarks' || left === 0) return undefined;
      left -= 1;
      return fault;
    };
    const handled: true[] = [];
    const bench = markBench(() => void handled.push(true), {}, { store: new MemoryStore({ faults }) });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(handled).toEqual([true]);
    expect(bench.store.peek(key)?.status).toBe('COMPLETED');
  });

  it('for an outage that outlasts the time to start something is written before the answer', async () => {
    const store = new MemoryStore({
      faults: (operation) => (operation === 'setMarks' && bench.clock.nowMs() < upAtMs ? 'cutBefore' : undefined),
    });
    const bench: ModeBench = markBench(() => undefined, {}, { store });
    const upAtMs = bench.clock.nowMs() + 54_500;
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled' });
  });

  it('for an outage that outlasts the time leaves its record undone', async () => {
    const store = new MemoryStore({ faults: (operation) => (operation === 'setMarks' ? 'cutBefore' : undefined) });
    const bench = markBench(() => undefined, {}, { store });
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.clock.pending).toBe(0);
  });

  it.each(['configuration', 'unstorable'] as const)('for good (%s) is not written again', async (kind) => {
    const store = new RefusingStore(kind);
    const bench = markBench(() => 'a result', {}, { store });
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(store.refused).toBe(1);
  });

  it('for its result is written without it', async () => {
    const bench = markBench(() => ({ tooMuch: 'x'.repeat(500_000) }), { storeResult: true });
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.observations).toContainEqual(expect.objectContaining({ type: 'resultNotStored' }));
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', result: undefined });
  });
});
