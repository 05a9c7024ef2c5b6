import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { isDone } from '../../../lib/core/outcome.ts';
import type { DeadLetterSink } from '../../../lib/ports/dead-letter-sink.ts';
import type { CompleteResult, IdempotencyStore } from '../../../lib/ports/idempotency-store.ts';
import { StoreError } from '../../../lib/ports/store-error.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';
import { type Behaviour, type PlannedRecord, plannedBatch, randomFaults } from '../../support/batches.ts';
import { at, HandlerBench } from '../../support/handler-bench.ts';
import { pause } from '../../support/pause.ts';
import { PlannedHandler } from '../../support/planned-handler.ts';
import { storeWith } from '../../support/store-with.ts';

function unitOf(record: PlannedRecord, ordering: 'partition' | 'key'): string {
  return ordering === 'partition'
    ? `${record.partition}`
    : `${record.partition}/${record.key ?? `alone@${record.offset}`}`;
}

describe('order', () => {
  it('starts no record after one of its ordering unit is known not to be done', async () => {
    await fc.assert(
      fc.asyncProperty(
        plannedBatch(),
        fc.constantFrom('partition' as const, 'key' as const),
        fc.integer(),
        fc.constantFrom(0, 0.2),
        async (batch, ordering, seed, chance) => {
          const clock = new FakeClock();
          const store = new MemoryStore({ faults: randomFaults(seed, chance) });
          const planned = new PlannedHandler(batch, clock);
          const bench = new HandlerBench(planned.handle, { ordering }, { clock, store });
          await bench.invoke(batch);
          const order = new Map(bench.handlings.map((handling, index) => [handling.at, index]));
          const byPlace = new Map(batch.map((record) => [at({ topic: 'orders', ...record }), record]));
          for (const failure of planned.failures) {
            const failed = byPlace.get(failure.at);
            if (failed === undefined) continue;
            const later = batch.filter(
              (record) => record.offset > failed.offset && unitOf(record, ordering) === unitOf(failed, ordering),
            );
            for (const record of later) expect(order.has(at({ topic: 'orders', ...record }))).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('starts nothing of a unit in which a record has ended undone, also by its completion or its dead letter', async () => {
    const behaviours = fc.constantFrom<Behaviour>('ok', 'ok', 'ok', 'slow', 'throw', 'unprocessable');
    const ends = { completions: 0, deadLetters: 0 };
    await fc.assert(
      fc.asyncProperty(
        plannedBatch(behaviours),
        fc.constantFrom('partition' as const, 'key' as const),
        fc.integer(),
        fc.constantFrom(0, 0.2),
        fc.record({ completionLag: fc.constantFrom(1, 3, 25), maxConcurrency: fc.constantFrom(1, 2, 10) }),
        async (batch, ordering, seed, chance, limits) => {
          const clock = new FakeClock();
          const random = new SeededRandomness(seed);
          const store = new MemoryStore({ faults: randomFaults(seed, chance) });
          const planned = new PlannedHandler(batch, clock);
          const units = new Map(batch.map((record) => [at({ topic: 'orders', ...record }), unitOf(record, ordering)]));
          const stopped = new Set<string | undefined>();
          const startedLate: string[] = [];
          const bench = new HandlerBench(
            async (record) => {
              if (stopped.has(units.get(at(record)))) startedLate.push(at(record));
              await planned.handle(record);
            },
            {
              ordering,
              ...limits,
              store: storeWith({ complete: sometimesForGood(store, clock, random, ends) }, store),
              deadLetters: sometimesRefusing(random, ends),
              observer: {
                observe: (seen) => {
                  if (seen.type !== 'recordEnded' || isDone(seen.outcome)) return;
                  stopped.add(units.get(at(seen.coordinates)));
                },
                log: () => undefined,
              },
            },
            { clock },
          );
          await bench.invoke(batch);
          expect(startedLate).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
    expect(Math.min(ends.completions, ends.deadLetters)).toBeGreaterThan(0);
  });

  it("lets nothing of a Kafka key pass its dead letters under 'holdKey', whatever the store does", async () => {
    const behaviours = fc.constantFrom<Behaviour>('ok', 'ok', 'ok', 'ok', 'slow', 'throwOnce', 'unprocessable');
    await fc.assert(
      fc.asyncProperty(
        plannedBatch(behaviours),
        fc.constantFrom('partition' as const, 'key' as const),
        fc.boolean(),
        fc.integer(),
        fc.constantFrom(0, 0.2, 0.5),
        async (batch, ordering, wholeBatchAgain, seed, chance) => {
          const clock = new FakeClock();
          const store = new MemoryStore({ faults: randomFaults(seed, chance) });
          const planned = new PlannedHandler(batch, clock);
          const bench = new HandlerBench(planned.handle, { ordering, afterDeadLetter: 'holdKey' }, { clock, store });
          await deliverUntilDone(bench, batch, wholeBatchAgain);
          const effects = new Set(planned.effects.map((effect) => effect.at));
          const handledIds = new Set(
            batch.filter((one) => effects.has(at({ topic: 'orders', ...one }))).map(({ id }) => id),
          );
          const byPlace = new Map(batch.map((record) => [at({ topic: 'orders', ...record }), record]));
          const putAside = bench.deadLetters.letters.map((letter) => byPlace.get(at(letter.record)));
          for (const aside of putAside) {
            if (aside?.key === undefined) continue;
            // Its hold may have failed and another record of its ID taken effect before its redelivery: then it is a duplicate.
            if (aside.id !== undefined && handledIds.has(aside.id)) continue;
            const later = batch.filter(
              ({ partition, key, offset }) =>
                partition === aside.partition && key === aside.key && offset > aside.offset,
            );
            for (const record of later) expect(effects.has(at({ topic: 'orders', ...record }))).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has the effects of a unit in offset order without repeats, with completionLag 1 and no crash', async () => {
    const behaviours = fc.constantFrom<Behaviour>('ok', 'ok', 'ok', 'slow', 'throwOnce');
    await fc.assert(
      fc.asyncProperty(plannedBatch(behaviours), fc.integer(), fc.constantFrom(0, 0.3), async (batch, seed, chance) => {
        const clock = new FakeClock();
        const store = new MemoryStore({ faults: randomFaults(seed, chance) });
        const planned = new PlannedHandler(batch, clock);
        const bench = new HandlerBench(
          planned.handle,
          { completionLag: 1, rememberedCompletions: 0 },
          { clock, store },
        );
        await deliverUntilDone(bench, batch);
        for (const partition of new Set(batch.map((record) => record.partition))) {
          const offsets = planned.effects
            .filter((effect) => effect.partition === partition)
            .map(({ offset }) => offset);
          expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
          expect(new Set(offsets).size).toBe(offsets.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('handles each business ID once when delivering until done, whatever the batches and the reading of the answer', async () => {
    const behaviours = fc.constantFrom<Behaviour>('ok', 'ok', 'ok', 'slow', 'throwOnce', 'unprocessable');
    await fc.assert(
      fc.asyncProperty(
        plannedBatch(behaviours),
        fc.constantFrom('partition' as const, 'key' as const, 'none' as const),
        fc.boolean(),
        fc.integer(),
        async (batch, ordering, wholeBatchAgain, seed) => {
          const clock = new FakeClock();
          const store = new MemoryStore({ faults: randomFaults(seed, 0.2) });
          const planned = new PlannedHandler(batch, clock);
          const bench = new HandlerBench(planned.handle, { ordering }, { clock, store });
          await deliverUntilDone(bench, batch, wholeBatchAgain);
          const effects = new Map<string, number>();
          const idAt = new Map(batch.map((record) => [at({ topic: 'orders', ...record }), record.id]));
          for (const effect of planned.effects) {
            const id = idAt.get(effect.at);
            const name = id === undefined ? effect.at : `id ${id}`;
            effects.set(name, (effects.get(name) ?? 0) + 1);
          }
          expect([...effects.values()].every((count) => count === 1)).toBe(true);
          for (const record of batch) {
            if (record.behaviour === 'unprocessable') continue;
            const place = at({ topic: 'orders', ...record });
            expect(effects.has(record.id === undefined ? place : `id ${record.id}`), place).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

async function deliverUntilDone(
  bench: HandlerBench,
  batch: readonly PlannedRecord[],
  wholeBatchAgain = true,
): Promise<void> {
  let open = batch;
  for (let deliveries = 0; open.length > 0; deliveries += 1) {
    if (deliveries > 200) throw new Error(`still not done after ${deliveries} deliveries`);
    const answer = await bench.invoke(open);
    if (!('undone' in answer)) throw answer.threw;
    const undone = new Set(answer.undone);
    if (undone.size === 0) return;
    open = wholeBatchAgain ? batch : batch.filter((record) => undone.has(at({ topic: 'orders', ...record })));
  }
}

/** How often something has failed for good, so that a run in which nothing did proves nothing. */
interface Ends {
  completions: number;
  deadLetters: number;
}

/** Completions that take their time, one in eight of which no repetition helps. */
function sometimesForGood(
  store: MemoryStore,
  clock: FakeClock,
  random: SeededRandomness,
  ends: Ends,
): IdempotencyStore['complete'] {
  return async (completions, call) => {
    await pause(clock, Math.floor(random.fraction() * 1_000));
    const failing = new Set(completions.filter(() => random.fraction() < 1 / 8));
    ends.completions += failing.size;
    const results = await store.complete(
      completions.filter((completion) => !failing.has(completion)),
      call,
    );
    const left = [...results];
    return completions.map((completion): CompleteResult => {
      const error = new StoreError('configuration', 'No repetition helps.');
      return failing.has(completion) ? { kind: 'failed', error } : (left.shift() ?? { kind: 'failed', error });
    });
  };
}

/** A sink that refuses every other letter. */
function sometimesRefusing(random: SeededRandomness, ends: Ends): DeadLetterSink {
  return {
    send: async () => {
      if (random.fraction() < 0.5) return;
      ends.deadLetters += 1;
      throw new Error('refused');
    },
  };
}
