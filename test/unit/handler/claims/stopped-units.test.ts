import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';

const first: BenchRecord = { offset: 0, id: 'first' };
const second: BenchRecord = { offset: 1, id: 'second' };

/** A store in which the completion of one key is refused: somebody else's marker got in between. */
function refusingCompletionOf(
  record: BenchRecord,
  delays: Partial<Record<string, number>>,
  clock: FakeClock,
): MemoryStore {
  const store: MemoryStore = new MemoryStore({
    delay: (operation, idempotencyKeys) => {
      if (operation === 'complete' && idempotencyKeys.includes(keyOf(record))) store.poke(keyOf(record), undefined);
      const delayMs = idempotencyKeys.includes(keyOf(record)) ? undefined : delays[operation];
      return delayMs === undefined ? undefined : new Promise((resolve) => clock.schedule(delayMs, resolve));
    },
  });
  return store;
}

describe('after a completion that failed for good', () => {
  it('a record whose claim is still on its way is neither handled nor waited for', async () => {
    const clock = new FakeClock();
    const store = refusingCompletionOf(first, { insert: 3_000 }, clock);
    const bench = new HandlerBench(() => undefined, { onUnknownOutcome: 'deadLetter' }, { clock, store });
    expect(await bench.invoke([first, second])).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.handlings.map((handling) => handling.id)).toEqual(['first']);
    expect([...bench.outcomes().values()]).toEqual(['failed', 'heldBack']);
    expect(clock.pending).toBe(0);
    expect(store.peek(keyOf(second))).toBeUndefined();
  });

  it('a record that waits for a handler slot is not started', async () => {
    const clock = new FakeClock();
    const store = refusingCompletionOf(first, {}, clock);
    const slow: BenchRecord = { partition: 1, offset: 0, id: 'slow' };
    const slower: BenchRecord = { partition: 2, offset: 0, id: 'slow too' };
    const bench = new HandlerBench(
      (record) => (record.partition === 0 ? undefined : new Promise<void>((done) => clock.schedule(5_000, done))),
      { maxConcurrency: 1 },
      { clock, store },
    );
    expect(await bench.invoke([first, second, slow, slower])).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.handlings.map((handling) => handling.id)).not.toContain('second');
    expect(store.peek(keyOf(second))).toBeUndefined();
  });

  it('a record that waits for a slot to be handled unprotected is not started either', async () => {
    const clock = new FakeClock();
    const store: MemoryStore = new MemoryStore({
      faults: (operation, keys) =>
        operation === 'insert' && keys.includes(keyOf(second)) ? new Map([[keyOf(second), 'throttle']]) : undefined,
      delay: (operation, keys) => {
        if (operation !== 'complete' || !keys.includes(keyOf(first))) return undefined;
        store.poke(keyOf(first), undefined);
        return new Promise((resolve) => clock.schedule(20_000, resolve));
      },
    });
    const slow: BenchRecord = { partition: 1, offset: 0, id: 'slow' };
    const bench = new HandlerBench(
      (record) => (record.partition === 0 ? undefined : new Promise<void>((done) => clock.schedule(30_000, done))),
      { maxConcurrency: 1, onStoreFailure: 'handleUnprotected' },
      { clock, store },
    );
    expect(await bench.invoke([first, second, slow], 90_000)).toEqual({
      undone: ['orders-0@0', 'orders-0@1'],
    });
    expect(bench.handlings.map((handling) => handling.id)).not.toContain('second');
  });

  it('a record with the same business ID in the unit is not handled either, and is waited for no longer', async () => {
    const clock = new FakeClock();
    const store = refusingCompletionOf(first, {}, clock);
    const bench = new HandlerBench(() => undefined, {}, { clock, store });
    const again = { ...first, offset: 1 };
    expect(await bench.invoke([first, again, { offset: 2, id: 'third' }])).toEqual({
      undone: ['orders-0@0', 'orders-0@1', 'orders-0@2'],
    });
    expect(bench.handlings).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
