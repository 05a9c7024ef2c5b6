import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { Commit } from '../../../../lib/ports/commit-store.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { addOne, ledger, ledgerStore, positionBench } from '../../../support/effect-bench.ts';
import type { BenchRecord } from '../../../support/handler-bench.ts';

const records: BenchRecord[] = [0, 1, 2].map((partition) => ({ partition, offset: 0 }));

describe('the positions of an invocation', () => {
  it('are read together, and once more where that failed', async () => {
    let tries = 0;
    const store = ledgerStore({
      faults: (operation, keys) => {
        if (operation !== 'readPositions') return undefined;
        tries += 1;
        return tries > 2 ? undefined : new Map(keys.slice(1).map((key) => [key, 'cutBefore' as const]));
      },
    });
    const bench = positionBench(addOne, {}, { store });
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(store.count('readPositions')).toEqual({ calls: 3, items: 6 });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1]);
  });

  it('are known after an outage, also when they are read to confirm a throw', async () => {
    let isDown = false;
    const store = ledgerStore({
      faults: (operation) => {
        if (!isDown || operation !== 'readPositions') return undefined;
        isDown = false;
        return 'cutBefore';
      },
    });
    const bench = positionBench(
      () => {
        isDown = true;
        throw new UnprocessableRecordError('no use');
      },
      {},
      { store },
    );
    expect(await bench.invoke(records.slice(0, 1))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('that cannot be read keep their own partition back, and no other', async () => {
    const down = new Set<string>();
    const store = ledgerStore({
      faults: (operation, keys) => {
        if (operation !== 'readPositions') return undefined;
        if (down.size === 0) for (const key of keys.slice(1, 2)) down.add(key);
        return new Map(keys.filter((key) => down.has(key)).map((key) => [key, 'throttle' as const]));
      },
    });
    const bench = positionBench(addOne, {}, { store });
    expect(await bench.invoke(records)).toEqual({ undone: ['orders-1@0'] });
  });

  it('that nobody may read are read once', async () => {
    let reads = 0;
    const store = new (class extends MemoryStore {
      override readPositions(keys: readonly string[]): ReturnType<MemoryStore['readPositions']> {
        reads += 1;
        return Promise.resolve(
          keys.map(() => ({ kind: 'failed', error: new StoreError('configuration', 'not allowed') })),
        );
      }
    })({ tables: { [ledger]: { partitionKey: 'id' } } });
    const handled: true[] = [];
    const bench = positionBench(() => void handled.push(true), {}, { store });
    expect(await bench.invoke(records)).toEqual({ undone: ['orders-0@0', 'orders-1@0', 'orders-2@0'] });
    expect({ reads, handled }).toEqual({ reads: 1, handled: [] });
  });

  it('are known before anything is handled', async () => {
    const store = ledgerStore();
    await positionBench(addOne, {}, { store }).invoke(records);
    const bench = positionBench(() => expect.unreachable(), {}, { store, seed: 2 });
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(bench.outcomes()).toMatchObject({ 'orders-2@0': 'duplicate' });
  });

  it('say whose they are where they are written', async () => {
    const sources: unknown[] = [];
    const store = new (class extends MemoryStore {
      override commit(...given: [Commit, { readonly signal: AbortSignal }]): ReturnType<MemoryStore['commit']> {
        sources.push(...given[0].positions.map(({ source }) => source));
        return super.commit(...given);
      }
    })({ tables: { [ledger]: { partitionKey: 'id' } } });
    const bench = positionBench(addOne, {}, { store });
    await bench.invoke([{ topic: 'payments', partition: 7, offset: 3 }]);
    expect(sources).toEqual(['payments-7']);
  });
});
