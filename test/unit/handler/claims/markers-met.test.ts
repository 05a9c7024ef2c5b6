import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import type { Marker } from '../../../../lib/core/claim/marker.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { coordinatesKeyOf, keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';
import { abandonedClaim, releasedClaim } from './claims-of-others.ts';

const record: BenchRecord = { offset: 0, id: 'order' };
const next: BenchRecord = { offset: 1, id: 'next' };

const failing = (): never => {
  throw new Error('not now');
};

describe('a marker met at a claim', () => {
  it('of a process that ended between the dead letter and the release is that of a record that is done', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(() => undefined, {}, { clock });
    bench.store.poke(keyOf(record), abandonedClaim(clock));
    bench.store.poke(
      coordinatesKeyOf(record),
      abandonedClaim(clock, { status: 'COMPLETED', leaseUntilMs: undefined, owner: undefined }),
    );
    expect(await bench.invoke([record, next])).toEqual({ undone: [] });
    expect(bench.handlings.map(({ id }) => id)).toEqual(['next']);
  });

  it.each<[string, Partial<Marker>]>([
    ['in progress', { status: 'INPROGRESS' }],
    ['released', { leaseUntilMs: 0, owner: undefined }],
    ['expired', { status: 'COMPLETED', expiresAtSeconds: 1 }],
  ])(
    'is taken over although its coordinates have one that is %s: only a completed one is a dead letter',
    async (_, at) => {
      const clock = new FakeClock();
      const bench = new HandlerBench(() => undefined, {}, { clock });
      bench.store.poke(keyOf(record), releasedClaim(clock));
      bench.store.poke(coordinatesKeyOf(record), abandonedClaim(clock, at));
      expect(await bench.invoke([record])).toEqual({ undone: [] });
      expect(bench.outcomes().get('orders-0@0')).toBe('handled');
    },
  );

  it('whose coordinates cannot be read leaves its record failed, not unattempted', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ faults: (operation) => (operation === 'read' ? 'throttle' : undefined) });
    const bench = new HandlerBench(() => undefined, {}, { clock, store });
    store.poke(keyOf(record), releasedClaim(clock));
    expect(await bench.invoke([record], 10_000)).toEqual({ undone: ['orders-0@0'] });
    expect(bench.outcomes().get('orders-0@0')).toBe('failed');
  });

  it('is told as a takeover where its owner ended without a sign, and not where it was given back', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(() => undefined, {}, { clock });
    bench.store.poke(keyOf(record), abandonedClaim(clock, { attempts: 1 }));
    bench.store.poke(keyOf(next), releasedClaim(clock, { attempts: 1 }));
    expect(await bench.invoke([record, next])).toEqual({ undone: [] });
    const takeovers = bench.observations.flatMap((one) => (one.type === 'leaseTakenOver' ? [one.coordinates] : []));
    expect(takeovers.map(({ offset }) => offset)).toEqual([record.offset]);
  });

  it('of Powertools, in progress without a lease, is locked until it expires', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(() => undefined, {}, { clock });
    const expiresAtSeconds = Math.ceil(clock.nowMs() / 1000) + 3_600;
    const theirs = { owner: undefined, leaseUntilMs: undefined, fence: 0, attempts: 0, expiresAtSeconds };
    bench.store.poke(keyOf(record), abandonedClaim(clock, theirs));
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.handlings).toEqual([]);
  });

  it('that TTL deletes before it is taken over is claimed anew', async () => {
    const clock = new FakeClock();
    const store: MemoryStore = new MemoryStore({
      delay: (operation) => {
        if (operation === 'takeOver') store.poke(keyOf(record), undefined);
        return undefined;
      },
    });
    const bench = new HandlerBench(() => undefined, {}, { clock, store });
    store.poke(keyOf(record), releasedClaim(clock, { attempts: 3 }));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.handlings).toMatchObject([{ fence: 1, attempts: 1 }]);
  });

  it('keeps its attempts when a take-over without an answer is undone', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ faults: (operation) => (operation === 'takeOver' ? 'cutAfter' : undefined) });
    const bench = new HandlerBench(() => undefined, {}, { clock, store });
    store.poke(keyOf(record), releasedClaim(clock, { attempts: 3 }));
    expect(await bench.invoke([record], 3_000)).toEqual({ undone: ['orders-0@0'] });
    expect(store.peek(keyOf(record))).toMatchObject({ attempts: 3, owner: undefined });
  });

  it('of a completion that has expired starts a new count of attempts', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(failing, { maxAttempts: 3 }, { clock });
    const expiresAtSeconds = Math.floor(clock.nowMs() / 1000) - 10;
    bench.store.poke(keyOf(record), abandonedClaim(clock, { status: 'COMPLETED', expiresAtSeconds, attempts: 2 }));
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.handlings).toMatchObject([{ attempts: 1 }]);
  });

  it('gives a dead letter its attempts, not its fence', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(failing, { maxAttempts: 3 }, { clock });
    bench.store.poke(keyOf(record), releasedClaim(clock, { attempts: 2, fence: 40 }));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map(({ attempts }) => attempts)).toEqual([3]);
  });
});
