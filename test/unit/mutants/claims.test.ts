import { expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import type { Marker } from '../../../lib/core/claim/marker.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../support/handler-bench.ts';

const first: BenchRecord = { offset: 0, id: 'first' };
const second: BenchRecord = { offset: 1, id: 'second' };

function claimOfAnother(clock: FakeClock, leaseUntilMs: number): Marker {
  return {
    status: 'INPROGRESS',
    expiresAtSeconds: Math.ceil(clock.nowMs() / 1000) + 86_400,
    leaseUntilMs,
    owner: 'another',
    fence: 7,
    attempts: 1,
    alone: false,
    fingerprint: undefined,
    result: undefined,
    source: undefined,
  };
}

it('a claim that was taken over while the process stalled is not handled, though it was made', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const bench = new HandlerBench(
    () => {
      // Between two timers, as a stalled process has it: the lease keeper had no chance to look.
      clock.setNowMs(clock.nowMs() + 40_000);
      store.poke(keyOf(second), claimOfAnother(clock, clock.nowMs() + 30_000));
    },
    {},
    { clock, store },
  );
  await bench.invoke([first, second], 900_000);
  expect(bench.handlings.map((handling) => handling.id)).toEqual(['first']);
  expect(store.peek(keyOf(second))?.owner).toBe('another');
});

it('a lease counts as over only when it is over by all clocks that agree within clockSkewMs', async () => {
  const clock = new FakeClock();
  const bench = new HandlerBench(() => undefined, { clockSkewMs: 5_000 }, { clock });
  const leaseUntilMs = clock.nowMs() - 1_000;
  bench.store.poke(keyOf(first), claimOfAnother(clock, leaseUntilMs));
  expect(await bench.invoke([first])).toEqual({ undone: [] });
  expect(bench.handlings).toHaveLength(1);
  expect(bench.handlings[0]?.startedAtMs).toBeGreaterThanOrEqual(leaseUntilMs + 5_000);
});

it('a claim that was written although its answer was lost is our own: no waiting, no second attempt', async () => {
  let isFirst = true;
  const bench = new HandlerBench(
    () => undefined,
    {},
    {},
    {
      faults: (operation) => {
        const fault = operation === 'insert' && isFirst ? 'cutAfter' : undefined;
        if (operation === 'insert') isFirst = false;
        return fault;
      },
    },
  );
  const startedAtMs = bench.clock.nowMs();
  expect(await bench.invoke([first])).toEqual({ undone: [] });
  expect(bench.handlings).toMatchObject([{ fence: 1, attempts: 1 }]);
  expect(bench.handlings[0]?.startedAtMs).toBeLessThan(startedAtMs + 5_000);
});

it('a completion that was written although its answer was lost is confirmed', async () => {
  let isFirst = true;
  const bench = new HandlerBench(
    () => undefined,
    {},
    {},
    {
      faults: (operation) => {
        const fault = operation === 'complete' && isFirst ? 'cutAfter' : undefined;
        if (operation === 'complete') isFirst = false;
        return fault;
      },
    },
  );
  expect(await bench.invoke([first])).toEqual({ undone: [] });
  expect(bench.handlings).toHaveLength(1);
});

it('the claim of a handler that ignored its signal is kept: its work may still go on', async () => {
  const bench = new HandlerBench(() => new Promise(() => undefined));
  await bench.invoke([first], 20_000);
  expect(bench.store.count('release')).toEqual({ calls: 0, items: 0 });
  expect(bench.exits).toHaveLength(1);
  expect(bench.store.peek(keyOf(first))).toMatchObject({ status: 'INPROGRESS', owner: expect.any(String) });
});
