import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench } from '../../../support/handler-bench.ts';
import { pause } from '../../../support/pause.ts';
import { abandonedClaim, liveClaim } from './claims-of-others.ts';

const suspect: BenchRecord = { partition: 1, offset: 0, id: 'suspect' };

function storeWithSlowCompletions(clock: FakeClock): MemoryStore {
  return new MemoryStore({ delay: (operation) => (operation === 'complete' ? pause(clock, 5_000) : undefined) });
}

function claimedAmong(store: MemoryStore, records: readonly BenchRecord[]): readonly unknown[] {
  return records.filter((record) => store.peek(keyOf(record))?.status === 'INPROGRESS').map(({ id }) => id);
}

describe('a suspect, whose earlier handler may have ended the process', () => {
  it('starts when what was claimed ahead in other units is given back, however slowly', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({
      delay: (operation) => (operation === 'release' ? pause(clock, 5_000) : undefined),
    });
    const busy: BenchRecord = { partition: 0, offset: 0, id: 'busy' };
    const ahead = [1, 2].map((offset) => ({ partition: 0, offset, id: `ahead ${offset}` }));
    let claimedAhead: readonly unknown[] | undefined;
    const bench = new HandlerBench(
      (record) => {
        if (record.partition === suspect.partition) claimedAhead = claimedAmong(store, ahead);
      },
      {},
      { clock, store },
    );
    store.poke(keyOf(suspect), abandonedClaim(clock));
    store.poke(keyOf(busy), liveClaim(clock, 20_000));
    await bench.invoke([busy, ...ahead, suspect]);
    expect(claimedAhead).toEqual([]);
  });

  it('starts when nothing is claimed any more behind a record that follows one of its unit', async () => {
    const clock = new FakeClock();
    const store = storeWithSlowCompletions(clock);
    const leader: BenchRecord = { partition: 1, offset: 0, id: 'leader' };
    const ahead = [1, 2].map((offset) => ({ partition: 2, offset, id: `ahead ${offset}` }));
    let claimedAhead: readonly unknown[] | undefined;
    const bench = new HandlerBench(
      (record) => {
        if (record.partition === 1 && record.offset === 1) claimedAhead = claimedAmong(store, ahead);
      },
      {},
      { clock, store },
    );
    store.poke(keyOf(suspect), abandonedClaim(clock));
    await bench.invoke([leader, { ...suspect, offset: 1 }, { ...leader, partition: 2 }, ...ahead]);
    expect(claimedAhead).toEqual([]);
  });

  it('is confirmed before others go on: until then what ends the process would be blamed on it', async () => {
    const clock = new FakeClock();
    const store = storeWithSlowCompletions(clock);
    const busy: BenchRecord = { partition: 0, offset: 0, id: 'busy' };
    let metStatus: unknown;
    const bench = new HandlerBench(
      ({ partition }) => {
        if (partition === busy.partition) metStatus = store.peek(keyOf(suspect))?.status;
      },
      {},
      { clock, store },
    );
    store.poke(keyOf(suspect), abandonedClaim(clock));
    store.poke(keyOf(busy), liveClaim(clock, 20_000));
    clock.schedule(500, () => store.poke(keyOf(busy), undefined));
    expect(await bench.invoke([busy, suspect])).toEqual({ undone: [] });
    expect(metStatus).toBe('COMPLETED');
  });

  it('starts when the completions before it in its unit are confirmed', async () => {
    const clock = new FakeClock();
    const store = storeWithSlowCompletions(clock);
    const before: BenchRecord = { ...suspect, id: 'before' };
    const behind: BenchRecord = { ...suspect, offset: 1 };
    let statusBefore: string | undefined;
    const bench = new HandlerBench(
      (record) => {
        if (record.offset === behind.offset) statusBefore = store.peek(keyOf(before))?.status;
      },
      {},
      { clock, store },
    );
    store.poke(keyOf(behind), abandonedClaim(clock));
    await bench.invoke([before, behind]);
    expect(statusBefore).toBe('COMPLETED');
  });

  it('starts when nothing else runs any more, and nothing else starts until it has ended', async () => {
    const clock = new FakeClock();
    const busy: BenchRecord = { partition: 0, offset: 0, id: 'busy' };
    const runs: BenchRecord = { partition: 2, offset: 0, id: 'runs' };
    const bench = new HandlerBench((record) => pause(clock, record.partition === 2 ? 5_000 : 10_000), {}, { clock });
    bench.store.poke(keyOf(busy), liveClaim(clock, 4_000));
    bench.store.poke(keyOf(suspect), abandonedClaim(clock));
    // The other owner renews once, and is done with its record while the suspect runs.
    clock.schedule(3_000, () => bench.store.poke(keyOf(busy), liveClaim(clock, 60_000)));
    clock.schedule(7_000, () => bench.store.poke(keyOf(busy), undefined));
    expect(await bench.invoke([busy, suspect, runs])).toEqual({ undone: [] });
    expect(bench.handlings.map(({ id }) => id)).toEqual(['runs', 'suspect', 'busy']);
    const [first, second, third] = bench.handlings;
    expect(second?.startedAtMs).toBeGreaterThanOrEqual(first?.endedAtMs ?? Number.POSITIVE_INFINITY);
    expect(third?.startedAtMs).toBeGreaterThanOrEqual(second?.endedAtMs ?? Number.POSITIVE_INFINITY);
  });

  it('is not exhausted by attempts that were not made alone: others may have ended the process', async () => {
    const clock = new FakeClock();
    const bench = new HandlerBench(() => undefined, { maxAttempts: 3 }, { clock });
    bench.store.poke(keyOf(suspect), abandonedClaim(clock, { attempts: 9, alone: false }));
    await bench.invoke([suspect, { ...suspect, offset: 1, id: 'next' }]);
    expect(bench.outcomes().get('orders-1@0')).toBe('handled');
  });
});
