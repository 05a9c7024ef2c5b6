import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';
import { pause } from '../../../support/pause.ts';

const record: BenchRecord = { offset: 0, id: 'order' };

/** A store that takes no completion in the first `outageMs`. */
function storeWithOutage(clock: FakeClock, outageMs: number): MemoryStore {
  const untilMs = clock.nowMs() + outageMs;
  return new MemoryStore({
    faults: (operation) => (operation === 'complete' && clock.nowMs() < untilMs ? 'throttle' : undefined),
  });
}

describe('a completion that the store does not take for a while', () => {
  it('has its lease renewed until it is confirmed: nobody else may begin with the record', async () => {
    const clock = new FakeClock();
    const store = storeWithOutage(clock, 40_000);
    const bench = new HandlerBench(() => undefined, { leaseMs: 5_000 }, { clock, store });
    const unprotectedAt: number[] = [];
    for (let second = 1; second < 40; second += 1) {
      clock.schedule(second * 1_000, () => {
        const leaseUntilMs = store.peek(keyOf(record))?.leaseUntilMs ?? 0;
        if (leaseUntilMs <= clock.nowMs()) unprotectedAt.push(second);
      });
    }
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(unprotectedAt).toEqual([]);
  });

  it('is tried until the answer is due, not only until nothing more may start', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(() => undefined, {}, { clock, store: storeWithOutage(clock, 55_500) });
    expect(await bench.invoke([record], 60_000)).toEqual({ undone: [] });
  });
});

describe('the retention of a completed marker', () => {
  it('counts from the completion, not from the claim', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(() => pause(clock, 100_000), { expiresAfterSeconds: 60 }, { clock });
    await bench.invoke([record], 600_000);
    const expiresAtMs = (bench.store.peek(keyOf(record))?.expiresAtSeconds ?? 0) * 1000;
    expect(expiresAtMs).toBeGreaterThanOrEqual(clock.nowMs() + 59_000);
  });
});
