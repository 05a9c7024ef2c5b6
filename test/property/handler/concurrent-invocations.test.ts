import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoreOperation } from '../../../lib/adapters/memory/fault.ts';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';
import { randomFaults } from '../../support/batches.ts';
import { coordinatesKeyOf, keyOf } from '../../support/bench-keys.ts';
import { at, type BenchAnswer, type BenchRecord, HandlerBench, lambdaEvent } from '../../support/handler-bench.ts';
import { MortalProcess } from '../../support/mortal-process.ts';

/** Records of few business IDs at many places, so that units of one batch and of several share them. */
const batch = fc
  .array(
    fc.record({
      partition: fc.integer({ min: 0, max: 3 }),
      id: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
      payload: fc.constantFrom('same', 'same', 'same', 'same', 'other'),
      key: fc.constantFrom('a', 'b', undefined),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((records) =>
    records.map(
      ({ partition, id, payload, key }, offset): BenchRecord => ({
        partition,
        offset,
        payload,
        ...(id === undefined ? {} : { id }),
        ...(key === undefined ? {} : { key }),
      }),
    ),
  );

/** More records than are claimed at once, of even fewer IDs. */
const longBatch = fc
  .array(fc.record({ partition: fc.integer({ min: 0, max: 3 }), id: fc.integer({ min: 0, max: 9 }) }), {
    minLength: 20,
    maxLength: 90,
  })
  .map((records) => records.map((record, offset): BenchRecord => ({ ...record, offset })));

const worker = fc.record({
  batch,
  startsAtMs: fc.integer({ min: 0, max: 2_000 }),
  ordering: fc.constantFrom('partition' as const, 'key' as const, 'none' as const),
  maxConcurrency: fc.constantFrom(1, 2, 10),
  completionLag: fc.constantFrom(1, 3, 25),
  onUnknownOutcome: fc.constantFrom('handleAgain' as const, 'handleAgain' as const, 'deadLetter' as const),
  maxAttempts: fc.constantFrom(1, 2, 10),
  remainingMs: fc.constantFrom(3_000, 20_000, 60_000),
  dies: fc.option(fc.integer({ min: 0, max: 10_000 }), { freq: 3 }),
  freezes: fc.array(
    fc.record({ atMs: fc.integer({ min: 0, max: 4_000 }), forMs: fc.integer({ min: 10, max: 9_000 }) }),
    { maxLength: 2 },
  ),
});

/** How long each handler takes and whether it throws, each by chance. */
function chancyHandler(seed: number, clock: { schedule(delayMs: number, callback: () => void): unknown }) {
  const random = new SeededRandomness(seed);
  return async (_record: unknown, { signal }: { readonly signal: AbortSignal }): Promise<void> => {
    const chance = random.fraction();
    const lastsMs = chance < 0.5 ? 0 : chance < 0.9 ? Math.floor(chance * 300) : 4_000;
    if (lastsMs > 0) {
      await new Promise<void>((resolve) => {
        clock.schedule(lastsMs, resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    signal.throwIfAborted();
    if (random.fraction() < 0.1) throw new Error('not now');
  };
}

function randomDelays(seed: number, clock: FakeClock): (operation: StoreOperation) => Promise<void> | undefined {
  const random = new SeededRandomness(seed);
  return () => {
    const delayMs = Math.floor(random.fraction() ** 4 * 900) - 20;
    return delayMs <= 0 ? undefined : new Promise((resolve) => clock.schedule(delayMs, resolve));
  };
}

function placeOf(record: BenchRecord): string {
  return at({ topic: 'orders', partition: 0, ...record });
}

function isProven(record: BenchRecord, store: MemoryStore, deadLetters: MemoryDeadLetters): boolean {
  const isMarked = [keyOf(record), coordinatesKeyOf(record)].some((key) => store.peek(key)?.status === 'COMPLETED');
  return isMarked || deadLetters.letters.some((letter) => at(letter.record) === placeOf(record));
}

describe('invocations on one store', () => {
  it('all end within their time, and leave no timer behind, whatever they hold against each other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(worker, { minLength: 2, maxLength: 3 }),
        fc.constantFrom(0, 0.1, 0.4),
        fc.integer({ min: 1, max: 1_000_000 }),
        async (workers, faultChance, seed) => {
          const clock = new FakeClock();
          const store = new MemoryStore({ faults: randomFaults(seed, faultChance), delay: randomDelays(seed, clock) });
          const deadLetters = new MemoryDeadLetters();
          const runs = workers.map(async (plan, index): Promise<BenchAnswer | 'ended'> => {
            const process = new MortalProcess(clock, store);
            const { ordering, maxConcurrency, completionLag, onUnknownOutcome, maxAttempts, remainingMs } = plan;
            const bench = new HandlerBench(
              chancyHandler(seed + index, process.clock),
              {
                ordering,
                maxConcurrency,
                completionLag,
                onUnknownOutcome,
                maxAttempts,
                leaseMs: 2_000,
                clockSkewMs: 100,
              },
              { clock, store, process, deadLetters, seed: seed * 10 + index },
            );
            await new Promise<void>((start) => clock.schedule(plan.startsAtMs, start));
            const startedAtMs = clock.nowMs();
            let frozenMs = 0;
            const died = Promise.withResolvers<'ended'>();
            if (plan.dies !== null) {
              clock.schedule(plan.dies, () => {
                process.kill();
                died.resolve('ended');
              });
            }
            for (const { atMs, forMs } of plan.dies === null ? plan.freezes : []) {
              frozenMs += forMs;
              clock.schedule(atMs, () => process.freeze());
              clock.schedule(atMs + forMs, () => process.thaw());
            }
            const answer = await Promise.race([bench.start(lambdaEvent(plan.batch), remainingMs), died.promise]);
            expect(clock.nowMs() - startedAtMs).toBeLessThanOrEqual(remainingMs + frozenMs);
            // Thawed after its deadline, its handlers had no time to obey their signals.
            return bench.exits.length > 0 && frozenMs > 0 ? 'ended' : answer;
          });
          const answers = await clock.runUntilSettled(Promise.all(runs));
          await clock.advance(120_000);
          expect(clock.pending).toBe(0);
          for (const [index, answer] of answers.entries()) {
            if (answer === 'ended') continue;
            if ('threw' in answer) throw answer.threw;
            const done = (workers[index]?.batch ?? []).filter((record) => !answer.undone.includes(placeOf(record)));
            for (const record of done) expect(isProven(record, store, deadLetters), placeOf(record)).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('wait for nobody but the other while its handlers run: none runs out of time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ batch: longBatch, ordering: fc.constantFrom('partition' as const, 'key' as const) }), {
          minLength: 1,
          maxLength: 2,
        }),
        fc.constantFrom(0, 0.3),
        fc.integer({ min: 1, max: 1_000_000 }),
        async (workers, throwChance, seed) => {
          const clock = new FakeClock();
          const store = new MemoryStore({ delay: randomDelays(seed, clock) });
          const random = new SeededRandomness(seed);
          const benches = workers.map(({ ordering }, index) => {
            const handle = async (): Promise<void> => {
              const lastsMs = Math.floor(random.fraction() * 40) - 20;
              if (lastsMs > 0) await new Promise<void>((resolve) => clock.schedule(lastsMs, resolve));
              if (random.fraction() < throwChance) throw new Error('not now');
            };
            return new HandlerBench(handle, { ordering }, { clock, store, seed: seed * 10 + index });
          });
          const runs = benches.map((bench, index) => bench.start(lambdaEvent(workers[index]?.batch ?? []), 900_000));
          await clock.runUntilSettled(Promise.all(runs));
          for (const bench of benches) {
            expect([...bench.outcomes().values()]).not.toContain('notAttempted');
            expect([...bench.outcomes().values()]).not.toContain('busy');
          }
          expect(clock.pending).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
