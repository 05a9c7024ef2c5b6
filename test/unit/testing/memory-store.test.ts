import { describe, expect, it } from 'vitest';
import { memoryStore, type StoreFault } from '../../../lib/testing/index.ts';
import { call, claimOf, completionOf, markerOf } from '../../contract/idempotency-store.contract.ts';

const failedUnavailable = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };

describe('memoryStore, beside the contract', () => {
  it('shows and sets markers without a call', async () => {
    const store = memoryStore();
    const claim = claimOf('a');
    store.poke('a', markerOf(claim));
    expect(store.peek('a')).toEqual(markerOf(claim));
    expect(store.keys()).toEqual(['a']);
    expect(await store.complete([completionOf('a')], call)).toEqual([{ kind: 'completed' }]);
    store.poke('a', undefined);
    expect(store.peek('a')).toBeUndefined();
    expect(store.keys()).toEqual([]);
  });

  it('counts calls and items by operation', async () => {
    const store = memoryStore();
    await store.insert([], call);
    await store.insert([claimOf('a'), claimOf('b')], call);
    await store.insert([claimOf('c')], call);
    await store.read(['a'], call);
    expect(store.count('insert')).toEqual({ calls: 2, items: 3 });
    expect(store.count('read')).toEqual({ calls: 1, items: 1 });
    expect(store.count('complete')).toEqual({ calls: 0, items: 0 });
  });

  it.each([
    ['throttle', false],
    ['cutBefore', false],
    ['cutAfter', true],
  ] satisfies [StoreFault, boolean][])('fails as unavailable under %s; written: %s', async (fault, written) => {
    const store = memoryStore({ faults: (operation) => (operation === 'insert' ? fault : undefined) });
    expect(await store.insert([claimOf('a')], call)).toMatchObject([failedUnavailable]);
    expect(store.peek('a') !== undefined).toBe(written);
  });

  it('has faults of single items too', async () => {
    const store = memoryStore({ faults: () => new Map<string, StoreFault>([['b', 'cutAfter']]) });
    expect(await store.insert([claimOf('a'), claimOf('b')], call)).toMatchObject([
      { kind: 'claimed' },
      failedUnavailable,
    ]);
    expect(store.keys()).toEqual(['a', 'b']);
  });

  it('holds a call back until its delay is over', async () => {
    const gate = Promise.withResolvers<void>();
    const store = memoryStore({ delay: (operation) => (operation === 'insert' ? gate.promise : undefined) });
    const held = store.insert([claimOf('a')], call);
    await store.read(['a'], call);
    expect(store.peek('a')).toBeUndefined();
    gate.resolve();
    expect(await held).toEqual([{ kind: 'claimed' }]);
  });

  it('ends a call that is held back with its signal, without a write', async () => {
    const store = memoryStore({ delay: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const held = store.insert([claimOf('a')], { signal: abort.signal });
    abort.abort();
    expect(await held).toMatchObject([failedUnavailable]);
    expect(store.peek('a')).toBeUndefined();
  });

  it('is not changed by what becomes of a result after it was stored', async () => {
    const store = memoryStore();
    const result = { lines: [1] };
    await store.insert([claimOf('a')], call);
    await store.complete([completionOf('a', { result })], call);
    result.lines.push(2);
    expect(store.peek('a')?.result).toEqual({ lines: [1] });
  });
});
