import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { type PlannedRecord, plannedBatch, randomFaults } from '../../support/batches.ts';
import {
  type EffectHandle,
  ledger,
  ledgerStore,
  type ModeBench,
  type ModeBenchParts,
  markBench,
  positionBench,
  transactionBench,
} from '../../support/effect-bench.ts';
import { at } from '../../support/handler-bench.ts';
import {
  asMany,
  type HandleMany,
  markManyBench,
  positionManyBench,
  transactionManyBench,
} from '../../support/many-bench.ts';

const placeOf = (record: PlannedRecord): string => at({ topic: 'orders', ...record });

/** No two partitions share an ID or a Kafka key: which of them goes first is nobody's promise. */
function withOwnIds(batch: readonly PlannedRecord[]): PlannedRecord[] {
  return batch.map(({ id, key, ...record }) => ({
    ...record,
    ...(id === undefined ? {} : { id: `${record.partition}-${id}` }),
    ...(key === undefined ? {} : { key: `${record.partition}-${key}` }),
  }));
}

/** Adds one under the business ID, fails as planned; what it throws to be tried again differs by delivery only. */
function planned(batch: readonly PlannedRecord[], delivery: () => number): EffectHandle {
  const byPlace = new Map(batch.map((record) => [placeOf(record), record]));
  return (record, { effects }) => {
    const plan = byPlace.get(at(record));
    const id = plan?.id === undefined ? at(record) : String(plan.id);
    effects.update({ table: ledger, key: { id }, update: { add: { count: 1 } } });
    effects.update({ table: ledger, key: { id: `last-${record.partition}` }, update: { set: { at: record.offset } } });
    const does = plan?.behaviour;
    if (does === 'unprocessable') throw new UnprocessableRecordError('no use');
    if (does === 'throw' || (does === 'throwOnce' && delivery() === 1)) throw new Error('not now');
  };
}

/** Fails one record of the call by throwing for all of them, now and then. */
function throwing(handleMany: HandleMany, isThrown: (place: string) => boolean): HandleMany {
  return async (records, context) => {
    const failures: { readonly place: string; readonly error: unknown }[] = [];
    const fail: typeof context.fail = (record, error) => {
      failures.push({ place: at(record), error });
      if (!isThrown(at(record))) context.fail(record, error);
    };
    await handleMany(records, { ...context, fail });
    const thrown = failures.find(({ place }) => isThrown(place));
    if (thrown !== undefined) throw thrown.error;
  };
}

interface Told {
  readonly answer: unknown;
  readonly letters: readonly string[];
  readonly items: readonly unknown[];
}

/** What three deliveries come to. */
async function deliver(make: (shared: ModeBenchParts) => ModeBench, batch: readonly PlannedRecord[]): Promise<Told[]> {
  const clock = new FakeClock();
  const store = ledgerStore();
  const deadLetters = new MemoryDeadLetters();
  const told: Told[] = [];
  for (let delivery = 1; delivery <= 3; delivery += 1) {
    const bench = make({ clock, store, deadLetters, seed: delivery });
    const answer = await bench.invoke(batch);
    expect(clock.pending).toBe(0);
    const letters = deadLetters.letters.map(({ record, reason, attempts }) => `${at(record)} ${reason} ${attempts}`);
    const items = store.items(ledger).map((item) => JSON.stringify(item));
    told.push({ answer, letters: letters.sort(), items: items.sort() });
  }
  return told;
}

const options = fc.record({
  commit: fc.constantFrom('each', 'prefix' as const),
  maxRecords: fc.integer({ min: 1, max: 30 }),
  maxConcurrency: fc.integer({ min: 1, max: 4 }),
  afterDeadLetter: fc.constantFrom('continue', 'holdKey' as const),
});

describe('a handler written as handleMany', () => {
  it.each(['transaction', 'position'] as const)('does what it does as handle, mode %s', async (mode) => {
    await fc.assert(
      fc.asyncProperty(
        plannedBatch().map(withOwnIds),
        options,
        fc.func(fc.boolean()),
        async (batch, { commit, maxRecords, maxConcurrency, afterDeadLetter }, isThrown) => {
          // Under 'prefix' a key is held too late for what is on its way already.
          const each = { commit, maxConcurrency, maxAttempts: 2, ...(commit === 'each' ? { afterDeadLetter } : {}) };
          let deliveries = 0;
          const handle = planned(batch, () => deliveries);
          const handleMany = throwing(asMany(handle), isThrown);
          const one = await deliver((shared) => {
            deliveries = shared.seed ?? 0;
            return mode === 'position' ? positionBench(handle, each, shared) : transactionBench(handle, each, shared);
          }, batch);
          const many = await deliver((shared) => {
            deliveries = shared.seed ?? 0;
            return mode === 'position'
              ? positionManyBench(handleMany, { ...each, maxRecords }, shared)
              : transactionManyBench(handleMany, { ...each, maxRecords }, shared);
          }, batch);
          expect(many).toEqual(one);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is done with the same records in mode mark', async () => {
    await fc.assert(
      fc.asyncProperty(
        plannedBatch().map(withOwnIds),
        options,
        async (batch, { maxRecords, maxConcurrency, afterDeadLetter }) => {
          const each = { maxConcurrency, maxAttempts: 2, afterDeadLetter };
          let deliveries = 0;
          const fails = (place: string): Error | undefined => {
            const does = batch.find((record) => placeOf(record) === place)?.behaviour;
            if (does === 'unprocessable') return new UnprocessableRecordError('no use');
            return does === 'throw' || (does === 'throwOnce' && deliveries === 1) ? new Error('not now') : undefined;
          };
          const one = await deliver((shared) => {
            deliveries = shared.seed ?? 0;
            const handle = async (record: Parameters<EffectHandle>[0]): Promise<void> => {
              const error = fails(at(record));
              if (error !== undefined) throw error;
            };
            return markBench(handle, each, shared);
          }, batch);
          const many = await deliver((shared) => {
            deliveries = shared.seed ?? 0;
            return markManyBench(
              (records, { fail }) => {
                for (const record of records) {
                  const error = fails(at(record));
                  if (error !== undefined) fail(record, error);
                }
              },
              { ...each, maxRecords },
              shared,
            );
          }, batch);
          expect(many).toEqual(one);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('records of handleMany', () => {
  it.each([
    ['transaction', transactionManyBench],
    ['position', positionManyBench],
  ] as const)('take effect once if they are done, whatever the store does, mode %s', async (_mode, manyBench) => {
    await fc.assert(
      fc.asyncProperty(
        plannedBatch(),
        options,
        fc.integer(),
        fc.constantFrom(0.1, 0.4),
        async (batch, given, seed, chance) => {
          const clock = new FakeClock();
          const deadLetters = new MemoryDeadLetters();
          let delivery = 1;
          const faults = randomFaults(seed, chance);
          const store = ledgerStore({
            faults: (operation, keys) => (delivery < 5 ? faults(operation, keys) : undefined),
          });
          const count: EffectHandle = (record, context) => {
            const plan = batch.find((one) => placeOf(one) === at(record));
            context.effects.update({ table: ledger, key: { id: at(record) }, update: { add: { count: 1 } } });
            if (plan?.behaviour === 'unprocessable') throw new UnprocessableRecordError('no use');
            if (plan?.behaviour === 'throw' || (plan?.behaviour === 'throwOnce' && delivery === 1)) {
              throw new Error('not now');
            }
          };
          const distinct = batch.map(({ id: _id, ...record }) => ({ ...record, id: `id-${record.offset}` }));
          const { commit, maxRecords, maxConcurrency } = given;
          let undone: readonly string[] = batch.map(placeOf);
          for (; undone.length > 0 && delivery < 12; delivery += 1) {
            const shared = { clock, store, deadLetters, seed: delivery };
            const bench = manyBench(asMany(count), { commit, maxRecords, maxConcurrency, maxAttempts: 3 }, shared);
            const answer = await bench.invoke(distinct, 20_000);
            if (!('undone' in answer)) throw answer.threw;
            undone = answer.undone;
            expect(clock.pending).toBe(0);
          }
          expect(undone).toEqual([]);
          const lettered = new Set(deadLetters.letters.map((letter) => at(letter.record)));
          const effects = new Map(store.items(ledger).map((item) => [item.id, item.count]));
          for (const record of batch) {
            const times = effects.get(placeOf(record));
            if (times === undefined) expect(lettered.has(placeOf(record)), `lost ${placeOf(record)}`).toBe(true);
            else expect(times, placeOf(record)).toBe(1);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
