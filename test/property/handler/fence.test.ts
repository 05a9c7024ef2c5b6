import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import type { Marker } from '../../../lib/core/claim/marker.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { HandlerBench, lambdaEvent } from '../../support/handler-bench.ts';
import { MortalProcess } from '../../support/mortal-process.ts';
import { type Trespass, watchedStore } from '../../support/watched-store.ts';

/** When a worker is frozen, and for how long; past its lease if long enough. */
const freeze = fc.record({ atMs: fc.integer({ min: 0, max: 2_000 }), forMs: fc.integer({ min: 10, max: 12_000 }) });

const worker = fc.record({
  startsAtMs: fc.integer({ min: 0, max: 3_000 }),
  freezes: fc.array(freeze, { maxLength: 2 }),
  handlerMs: fc.constantFrom(0, 30, 400),
  first: fc.integer({ min: 0, max: 20 }),
  records: fc.integer({ min: 1, max: 30 }),
});

describe('the fence', () => {
  it('lets no worker without its lease complete, renew or erase another claim, however it was stalled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(worker, { minLength: 2, maxLength: 3 }), fc.nat(), async (workers, seed) => {
        const clock = new FakeClock();
        const store = new MemoryStore();
        const trespasses: Trespass[] = [];
        const watched = watchedStore(store, trespasses);
        const fences = new Map<string, Marker>();
        let fenceWentBack = false;
        const runs = workers.map(async (plan, index) => {
          const process = new MortalProcess(clock, watched);
          const bench = new HandlerBench(
            async (_record, { idempotencyKey }) => {
              const marker = store.peek(idempotencyKey);
              const last = fences.get(idempotencyKey);
              if (marker !== undefined && last !== undefined && marker.fence < last.fence) fenceWentBack = true;
              if (marker !== undefined) fences.set(idempotencyKey, marker);
              if (plan.handlerMs > 0) await new Promise<void>((done) => process.clock.schedule(plan.handlerMs, done));
            },
            { leaseMs: 2_000, clockSkewMs: 100, rememberedCompletions: 0 },
            { clock, store, process, seed: seed * 10 + index },
          );
          for (const { atMs, forMs } of plan.freezes) {
            clock.schedule(plan.startsAtMs + atMs, () => process.freeze());
            clock.schedule(plan.startsAtMs + atMs + forMs, () => process.thaw());
          }
          await new Promise<void>((start) => clock.schedule(plan.startsAtMs, start));
          const batch = Array.from({ length: plan.records }, (_, at) => plan.first + at);
          return await bench.start(lambdaEvent(batch.map((offset) => ({ offset, id: offset }))), 60_000);
        });
        const answers = await clock.runUntilSettled(Promise.all(runs));
        expect(trespasses).toEqual([]);
        expect(fenceWentBack).toBe(false);
        for (const answer of answers) if ('threw' in answer) throw answer.threw;
      }),
      { numRuns: 150 },
    );
  });
});
