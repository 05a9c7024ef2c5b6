import { describe, expect, it } from 'vitest';
import { markBench } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';

function records(count: number): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ offset, id: `id-${offset}` }));
}

describe('mark mode', () => {
  it('handles, then marks; a marked record is a duplicate', async () => {
    const handled: string[] = [];
    const bench = markBench((record) => void handled.push(at(record)), { rememberedCompletions: 0 });
    expect(await bench.invoke(records(100))).toEqual({ undone: [] });
    expect(await bench.invoke(records(100))).toEqual({ undone: [] });
    expect(handled).toHaveLength(100);
    expect(bench.store.count('setMarks').calls).toBe(4);
    expect(bench.store.count('read').calls).toBe(2);
    expect(bench.store.count('insert').calls).toBe(0);
  });

  it('reports what could not be marked', async () => {
    const bench = markBench(() => undefined, {}, {});
    const failing = markBench(() => undefined, {}, { store: bench.store });
    expect(await failing.invoke(records(2), 0)).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
  });
});
