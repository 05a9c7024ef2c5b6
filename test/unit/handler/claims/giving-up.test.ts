import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';
import { abandonedClaim } from './claims-of-others.ts';

const record: BenchRecord = { offset: 0, id: 'order' };

describe('without a dead-letter sink', () => {
  it('a record that ends its process is tried for ever: there is nowhere to put it', async () => {
    const bench = new HandlerBench(() => undefined, {}, { deadLetters: 'none' });
    bench.store.poke(keyOf(record), abandonedClaim(bench.clock, { attempts: 50, alone: true }));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.handlings).toMatchObject([{ attempts: 51 }]);
  });

  it('another payload under a known business ID fails: to skip it would lose it silently', async () => {
    const bench = new HandlerBench(() => undefined, {}, { deadLetters: 'none' });
    await bench.invoke([{ ...record, payload: 1 }]);
    expect(await bench.invoke([{ ...record, offset: 5, payload: 2 }])).toEqual({ undone: ['orders-0@5'] });
    expect(bench.outcomes().get('orders-0@5')).toBe('failed');
  });
});
