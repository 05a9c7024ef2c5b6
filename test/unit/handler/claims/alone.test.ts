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

describe('a suspect, whose earlier handler may have ended the process', () => {
  it('starts when what was claimed ahead in other units is given back', async () => {
    const clock = new FakeClock();
    const store = storeWithSlowCompletions(clock);
    const leader: BenchRecord = { partition: 0, offset: 0, id: 'leader' };
    const busy: BenchRecord = { partition: 0, offset: 1, id: 'busy' };
    const worked = new Set([keyOf(suspect), keyOf(leader)]);
    let claimedAhead: readonly string[] | undefined;
    const bench = new HandlerBench(
      (record) => {
        if (record.partition !== suspect.partition) return;
        claimedAhead = store.keys().filter((key) => {
          const marker = store.peek(key);
          return marker?.status === 'INPROGRESS' && marker.owner?.startsWith('seed') && !worked.has(key);
        });
      },
      {},
      { clock, store },
    );
    store.poke(keyOf(suspect), abandonedClaim(clock));
    store.poke(keyOf(busy), liveClaim(clock, 20_000));
    await bench.invoke([
      leader,
      busy,
      suspect,
      { partition: 2, offset: 0, id: 'leader' },
      { partition: 2, offset: 1, id: 'ahead 1' },
      { partition: 2, offset: 2, id: 'ahead 2' },
    ]);
    expect(claimedAhead).toEqual([]);
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
