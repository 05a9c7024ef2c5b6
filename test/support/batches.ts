import fc from 'fast-check';
import type { StoreFault, StoreFaults } from '../../lib/adapters/memory/fault.ts';
import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';
import type { BenchRecord } from './handler-bench.ts';

/** What a record's handler does, by the record's place. */
export type Behaviour = 'ok' | 'slow' | 'throw' | 'throwOnce' | 'unprocessable';

export interface PlannedRecord extends BenchRecord {
  readonly partition: number;
  readonly behaviour: Behaviour;
}

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Behaviour>('ok') },
  { weight: 2, arbitrary: fc.constant<Behaviour>('slow') },
  { weight: 1, arbitrary: fc.constant<Behaviour>('throw') },
  { weight: 2, arbitrary: fc.constant<Behaviour>('throwOnce') },
  { weight: 1, arbitrary: fc.constant<Behaviour>('unprocessable') },
);

/** A batch of up to 60 records in up to 4 partitions; some share an ID (with the same payload), some have none. */
export function plannedBatch(behaviours: fc.Arbitrary<Behaviour> = behaviour): fc.Arbitrary<PlannedRecord[]> {
  const record = fc.record({
    partition: fc.integer({ min: 0, max: 3 }),
    id: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 1_000_000 }) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 }) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    key: fc.constantFrom('a', 'b', undefined),
    behaviour: behaviours,
  });
  return fc.array(record, { minLength: 1, maxLength: 60 }).map((records) =>
    records.map(({ partition, id, key, behaviour: does }, offset) => ({
      partition,
      offset,
      behaviour: does,
      ...(id === undefined ? {} : { id }),
      ...(key === undefined ? {} : { key }),
    })),
  );
}

/** A store that fails each call with the given chance, in a way of its own. */
export function randomFaults(seed: number, chance: number): StoreFaults {
  const random = new SeededRandomness(seed);
  const kinds: readonly StoreFault[] = ['throttle', 'cutBefore', 'cutAfter'];
  return () => {
    if (random.fraction() >= chance) return undefined;
    return kinds[Math.floor(random.fraction() * kinds.length)];
  };
}
