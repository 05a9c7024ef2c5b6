import { describe, expect, it } from 'vitest';
import type { StoreFault, StoreOperation } from '../../../../lib/adapters/memory/fault.ts';
import { CompletionCache } from '../../../../lib/handler/claims/completion-cache.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchOptions, type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';

const record: BenchRecord = { offset: 0, id: 'order' };

function benchOf(options: BenchOptions = {}, faults = new Map<StoreOperation, StoreFault>()): HandlerBench {
  return new HandlerBench(() => undefined, options, {}, { faults: (operation) => faults.get(operation) });
}

describe('a completion remembered by a warm environment', () => {
  it('saves every call for a duplicate', async () => {
    const bench = benchOf();
    await bench.invoke([record]);
    expect(await bench.invoke([{ ...record, offset: 5 }])).toEqual({ undone: [] });
    expect(bench.store.count('insert').calls).toBe(1);
    expect(bench.outcomes().get('orders-0@5')).toBe('duplicate');
  });

  it('is also that of another environment, once it was seen', async () => {
    const bench = benchOf();
    await new HandlerBench(() => undefined, {}, { clock: bench.clock, store: bench.store, seed: 2 }).invoke([record]);
    const before = bench.store.count('insert').calls;
    await bench.invoke([record]);
    await bench.invoke([record]);
    expect(bench.store.count('insert').calls).toBe(before + 1);
  });

  it('ends with the marker', async () => {
    const bench = benchOf({ expiresAfterSeconds: 60, leaseMs: 1_000 });
    await bench.invoke([record]);
    await bench.clock.advance(61_001);
    await bench.invoke([record]);
    expect(bench.handlings.map(({ fence }) => fence)).toEqual([1, 2]);
  });

  it('ends with the marker also where it is that of another environment', async () => {
    const bench = benchOf({ rememberedCompletions: 10 });
    const { clock, store } = bench;
    const short = { expiresAfterSeconds: 60, leaseMs: 1_000 };
    await new HandlerBench(() => undefined, short, { clock, store, seed: 2 }).invoke([record]);
    await bench.invoke([record]);
    await clock.advance(61_001);
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.handlings.map(({ fence }) => fence)).toEqual([2]);
  });

  it('is that of its payload, also where it is that of another environment', async () => {
    const bench = benchOf();
    const { clock, store } = bench;
    await new HandlerBench(() => undefined, {}, { clock, store, seed: 2 }).invoke([record]);
    await bench.invoke([record]);
    expect(await bench.invoke([{ ...record, offset: 1, payload: 'another' }])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map(({ reason }) => reason)).toEqual(['fingerprintMismatch']);
  });

  it('is off with 0', async () => {
    const bench = benchOf({ rememberedCompletions: 0 });
    await bench.invoke([record]);
    await bench.invoke([record]);
    expect(bench.store.count('insert').calls).toBe(2);
    expect(bench.handlings).toHaveLength(1);
  });

  it('is none before the store confirmed it', async () => {
    const faults = new Map<StoreOperation, StoreFault>([['complete', 'cutBefore']]);
    const bench = benchOf({ leaseMs: 1_000 }, faults);
    expect(await bench.invoke([record], 10_000)).toEqual({ undone: ['orders-0@0'] });
    faults.clear();
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(2);
    expect(bench.store.peek(keyOf(record))?.status).toBe('COMPLETED');
  });

  it('is forgotten first where it was used longest ago', () => {
    const cache = new CompletionCache(2);
    const completion = { expiresAtSeconds: 10, fingerprint: undefined };
    cache.remember('a', completion);
    cache.remember('b', completion);
    cache.recall('a', 0);
    cache.remember('c', completion);
    expect(['a', 'b', 'c'].map((key) => cache.recall(key, 0) !== undefined)).toEqual([true, false, true]);
    expect(cache.recall('a', 10_000)).toBeUndefined();
  });
});
