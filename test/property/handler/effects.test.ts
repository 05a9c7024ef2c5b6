import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { type Behaviour, type PlannedRecord, plannedBatch, randomFaults } from '../../support/batches.ts';
import {
  type EffectHandle,
  ledger,
  ledgerStore,
  type ModeBench,
  positionBench,
  transactionBench,
} from '../../support/effect-bench.ts';
import { at } from '../../support/handler-bench.ts';

/** Adds one under the business ID, so that whatever takes effect twice shows; fails as planned. */
function planned(
  batch: readonly PlannedRecord[],
  clock: FakeClock,
  nameOf: (record: PlannedRecord) => string,
): EffectHandle {
  const byPlace = new Map(batch.map((record) => [at({ topic: 'orders', ...record }), record]));
  const threw = new Set<string>();
  return async (record, { effects }) => {
    const plan = byPlace.get(at(record));
    if (plan === undefined) throw new Error('not of this batch');
    const does: Behaviour = plan.behaviour;
    if (does === 'slow') await new Promise<void>((resolve) => clock.schedule(300, () => resolve()));
    effects.update({ table: ledger, key: { id: nameOf(plan) }, update: { add: { count: 1 } } });
    effects.update({
      table: ledger,
      key: { id: `partition-${plan.partition}` },
      update: { set: { last: plan.offset } },
    });
    if (does === 'unprocessable') throw new UnprocessableRecordError('no use');
    if (does === 'throw' || (does === 'throwOnce' && !threw.has(at(record)))) {
      threw.add(at(record));
      throw new Error('not now');
    }
  };
}

const placeOf = (record: PlannedRecord): string => at({ topic: 'orders', ...record });
const idOf = (record: PlannedRecord): string => (record.id === undefined ? placeOf(record) : `id-${String(record.id)}`);

const modes = [
  ['transaction', idOf, transactionBench],
  ['position', placeOf, positionBench],
] as const;

describe.each(modes)('effects in mode %s', (mode, nameOf, bench) => {
  it('happen once for each record that is done, and not for others, whatever the store does', async () => {
    await fc.assert(
      fc.asyncProperty(
        plannedBatch(),
        fc.constantFrom('each', 'prefix' as const),
        fc.integer(),
        fc.constantFrom(0, 0.1, 0.4),
        fc.integer({ min: 1, max: 30 }),
        async (batch, commit, seed, chance, part) => {
          const clock = new FakeClock();
          const deadLetters = new MemoryDeadLetters();
          let isBroken = true;
          const faults = randomFaults(seed, chance);
          const store = ledgerStore({ faults: (operation, keys) => (isBroken ? faults(operation, keys) : undefined) });
          const handle = planned(batch, clock, nameOf);
          const make = (number: number): ModeBench =>
            bench(handle, { commit, maxAttempts: 3 }, { clock, store, deadLetters, seed: number });
          let undone: readonly string[] = batch.map(placeOf);
          for (let delivery = 1; undone.length > 0 && delivery < 12; delivery += 1) {
            isBroken = delivery < 5;
            const answer = await make(delivery).invoke(delivery === 2 ? batch.slice(0, part) : batch, 20_000);
            if (!('undone' in answer)) throw answer.threw;
            if (delivery !== 2) undone = answer.undone;
            expect(clock.pending).toBe(0);
          }
          expect(undone).toEqual([]);
          const lettered = new Set(deadLetters.letters.map((letter) => at(letter.record)));
          const effects = new Map(store.items(ledger).map((item) => [item.id, item.count]));
          for (const record of batch) {
            const count = effects.get(nameOf(record));
            if (count === undefined)
              expect(lettered.has(placeOf(record)), `${mode} lost ${placeOf(record)}`).toBe(true);
            else expect(count, placeOf(record)).toBe(1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
