import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import type { ClaimResult, IdempotencyStore } from '../../../../lib/ports/idempotency-store.ts';
import { StoreError, type StoreErrorKind } from '../../../../lib/ports/store-error.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchOptions, type BenchRecord, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';
import { storeWith } from '../../../support/store-with.ts';

const batch: BenchRecord[] = [0, 1, 2].map((offset) => ({ offset, id: offset }));
const everyPlace = ['orders-0@0', 'orders-0@1', 'orders-0@2'];

function failing(kind: StoreErrorKind): IdempotencyStore['insert'] {
  return async (claims): Promise<readonly ClaimResult[]> =>
    claims.map(() => ({ kind: 'failed', error: new StoreError(kind, 'out of order') }));
}

function benchOf(
  store: IdempotencyStore | undefined,
  options: BenchOptions = {},
  clock = new FakeClock(),
): HandlerBench {
  return new HandlerBench(() => undefined, { ...(store === undefined ? {} : { store }), ...options }, { clock });
}

describe('a store that is unavailable', () => {
  it('for the whole time budget: nothing is handled, everything is undone, in time', async () => {
    const bench = benchOf(storeWith({ insert: failing('unavailable') }));
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke(batch, 20_000)).toEqual({ undone: everyPlace });
    expect(bench.handlings).toEqual([]);
    expect(bench.clock.nowMs() - startedAtMs).toBeGreaterThan(15_000);
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(20_000);
    expect(bench.clock.pending).toBe(0);
    expect(bench.outcomes().get('orders-0@0')).toBe('failed');
  });

  it('for some seconds: the records are handled within the same invocation', async () => {
    const clock = new FakeClock();
    const upAtMs = clock.nowMs() + 8_000;
    const store = new MemoryStore({ faults: () => (clock.nowMs() < upAtMs ? 'throttle' : undefined) });
    const bench = new HandlerBench(() => undefined, {}, { clock, store });
    expect(await bench.invoke(batch, 20_000)).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(3);
    expect(clock.nowMs()).toBeLessThan(upAtMs + 3_000);
  });

  it('is asked with growing pauses only', async () => {
    let calls = 0;
    const insert = failing('unavailable');
    const bench = benchOf(
      storeWith({
        insert: (claims, call) => {
          calls += 1;
          return insert(claims, call);
        },
      }),
    );
    await bench.invoke(batch, 60_000);
    expect(calls).toBeLessThan(70);
  });

  it('for some keys only does not keep the others from being handled, once those are given', async () => {
    const clock = new FakeClock();
    const unlucky = keyOf({ offset: 1, id: 1 });
    let failures = 4;
    const store = new MemoryStore({
      faults: (operation, keys) => {
        if (operation !== 'insert' || !keys.includes(unlucky) || failures === 0) return undefined;
        failures -= 1;
        return new Map([[unlucky, 'throttle']]);
      },
    });
    const bench = new HandlerBench(() => undefined, { ordering: 'none' }, { clock, store });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(store.count('insert').items).toBe(3 + 4);
  });
});

describe("onStoreFailure: 'handleUnprotected'", () => {
  const unprotected = { onStoreFailure: 'handleUnprotected' } satisfies BenchOptions;

  it('handles without a claim after a quarter of the time, and says so', async () => {
    const bench = benchOf(storeWith({ insert: failing('unavailable') }), unprotected);
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke(batch, 20_000)).toEqual({ undone: [] });
    expect(bench.handlings.map(({ fence, attempts }) => ({ fence, attempts }))).toEqual(
      batch.map(() => ({ fence: undefined, attempts: undefined })),
    );
    const afterMs = (bench.handlings[0]?.startedAtMs ?? 0) - startedAtMs;
    expect(afterMs).toBeGreaterThanOrEqual(18_000 / 4);
    // The longest pause before the store is asked once more is 2 s.
    expect(afterMs).toBeLessThanOrEqual(18_000 / 4 + 2_000);
    expect(bench.observations.filter(({ type }) => type === 'handledUnprotected')).toHaveLength(3);
  });

  it('handles without a claim after 5 s where nobody knows how much time there is', async () => {
    const bench = benchOf(storeWith({ insert: failing('unavailable') }), unprotected);
    const startedAtMs = bench.clock.nowMs();
    await bench.clock.runUntilSettled(bench.handler(lambdaEvent(batch)));
    const afterMs = (bench.handlings[0]?.startedAtMs ?? 0) - startedAtMs;
    expect(afterMs).toBeGreaterThanOrEqual(5_000);
    expect(afterMs).toBeLessThanOrEqual(7_000);
  });

  it.each(['configuration', 'unstorable'] as const)('is not for an error of %s', async (kind) => {
    const bench = benchOf(storeWith({ insert: failing(kind) }), unprotected);
    expect(await bench.invoke(batch)).toEqual({ undone: everyPlace });
    expect(bench.handlings).toEqual([]);
  });

  it('is not for a healthy store whose answer came too late for a start', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      delay: (operation, keys) =>
        operation === 'insert' && keys.includes(keyOf({ offset: 1, id: 1 }))
          ? new Promise<void>((resolve) => clock.schedule(60_000, resolve))
          : undefined,
    });
    const bench = new HandlerBench(
      () => new Promise<void>((resolve) => clock.schedule(17_000, resolve)),
      { ...unprotected, onUnknownOutcome: 'deadLetter' },
      { clock, store },
    );
    const answer = await bench.invoke(batch, 20_000);
    expect(answer).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
    expect(bench.handlings).toHaveLength(1);
    expect(bench.observations.filter(({ type }) => type === 'handledUnprotected')).toEqual([]);
  });

  it('starts nothing after the time to start is over, though records wait for a slot', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(
      (_record, { signal }) =>
        new Promise<void>((_done, stop) => signal.addEventListener('abort', () => stop(signal.reason))),
      { ...unprotected, maxConcurrency: 1, ordering: 'none', store: storeWith({ insert: failing('unavailable') }) },
      { clock },
    );
    expect(await bench.invoke(batch, 20_000)).toEqual({ undone: everyPlace });
    expect(bench.handlings).toHaveLength(1);
    expect(bench.exits).toEqual([]);
  });
});

describe.each(['configuration', 'unstorable'] as const)('an error of kind %s', (kind) => {
  it.each(['fail', 'handleUnprotected'] as const)('fails at once, without waiting (%s)', async (onStoreFailure) => {
    const bench = benchOf(storeWith({ insert: failing(kind) }), { onStoreFailure });
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke(batch)).toEqual({ undone: everyPlace });
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(100);
    expect(bench.handlings).toEqual([]);
    expect(bench.observations).toContainEqual({
      type: 'storeFailed',
      operation: 'insert',
      errorName: kind,
      message: 'out of order',
    });
  });

  it('of a completion fails at once too', async () => {
    let calls = 0;
    const complete: IdempotencyStore['complete'] = async (completions) => {
      calls += 1;
      return completions.map(() => ({ kind: 'failed', error: new StoreError(kind, 'out of order') }));
    };
    const bench = benchOf(storeWith({ complete }));
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke(batch.slice(0, 1))).toEqual({ undone: ['orders-0@0'] });
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(100);
    expect(calls).toBe(1);
  });

  it('of a look for held keys fails at once too', async () => {
    const read: IdempotencyStore['read'] = async (keys) =>
      keys.map(() => ({ kind: 'failed', error: new StoreError(kind, 'out of order') }));
    const bench = benchOf(storeWith({ read }), { afterDeadLetter: 'holdKey' });
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke([{ offset: 0, id: 0, key: 'a' }])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(100);
    expect(bench.handlings).toEqual([]);
  });
});

describe('a store that breaks its promises', () => {
  const never = (): Promise<never> => new Promise<never>(() => undefined);

  it.each<[string, Partial<IdempotencyStore>]>([
    ['rejects', { insert: () => Promise.reject(new Error('boom')) }],
    [
      'throws',
      {
        insert: () => {
          throw new Error('boom');
        },
      },
    ],
    ['answers too few', { insert: async () => [] }],
    ['answers too many', { insert: async (claims) => [...claims, ...claims].map(() => ({ kind: 'claimed' })) }],
    ['never answers a claim and ignores its signal', { insert: never }],
  ])('and %s: nothing is handled or acknowledged, and the answer comes in time', async (_how, replaced) => {
    const bench = benchOf(storeWith(replaced));
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke(batch, 10_000)).toEqual({ undone: everyPlace });
    expect(bench.handlings).toEqual([]);
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(10_000);
    expect(bench.clock.pending).toBe(0);
  });

  it.each<[string, Partial<IdempotencyStore>]>([
    ['a completion', { complete: never }],
    ['anything after a claim', { complete: never, release: never, renew: never, read: never, markCompleted: never }],
  ])('and never answers %s: the record is undone, in time', async (_what, replaced) => {
    const bench = benchOf(storeWith(replaced), { leaseMs: 2_000 });
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke(batch, 10_000)).toEqual({ undone: everyPlace });
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(10_000);
    expect(bench.clock.pending).toBe(0);
  });

  it('and never answers a release: the record is failed, in time', async () => {
    const bench = new HandlerBench(() => Promise.reject(new Error('not now')), {
      store: storeWith({ release: never }),
    });
    const startedAtMs = bench.clock.nowMs();
    expect(await bench.invoke(batch, 10_000)).toEqual({ undone: everyPlace });
    expect(bench.clock.nowMs() - startedAtMs).toBeLessThan(10_000);
    expect(bench.clock.pending).toBe(0);
  });

  it('and always finds the marker changed when it is to be taken over is not asked without pause', async () => {
    let calls = 0;
    const seen = new MemoryStore();
    const bench = benchOf(
      storeWith(
        {
          takeOver: async (claims): Promise<readonly ClaimResult[]> => {
            calls += 1;
            return claims.map(({ seen: marker }) => ({ kind: 'existing', marker }));
          },
        },
        seen,
      ),
    );
    seen.poke(keyOf({ offset: 0, id: 0 }), {
      status: 'INPROGRESS',
      expiresAtSeconds: bench.clock.nowMs() / 1000 + 600,
      leaseUntilMs: 0,
      owner: undefined,
      fence: 1,
      attempts: 1,
      alone: false,
      fingerprint: undefined,
      result: undefined,
      source: undefined,
    });
    expect(await bench.invoke(batch, 30_000)).toEqual({ undone: everyPlace });
    expect(calls).toBeLessThan(60);
  });
});
