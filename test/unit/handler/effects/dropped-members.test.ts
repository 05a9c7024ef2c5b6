import { describe, expect, it } from 'vitest';
import { kafkaHandler } from '../../../../lib/handler/commit/kafka-handler.ts';
import { SeededRandomness } from '../../../../lib/testing/seeded-randomness.ts';
import {
  addOne,
  type EffectHandle,
  ledger,
  ledgerStore,
  ModeBench,
  positionBench,
  transactionBench,
} from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';

const records: readonly BenchRecord[] = Array.from({ length: 4 }, (_, offset) => ({
  offset,
  id: `id-${offset}`,
  timestamp: 1_700_000_000_000 + offset,
}));
const places = records.map(({ offset }) => `orders-0@${offset}`);

/** Chance that fails once: at the first ID that is asked for when `isDue`. */
class FaultyRandomness extends SeededRandomness {
  readonly #isDue: () => boolean;
  faults = 0;

  constructor(isDue: () => boolean) {
    super(1);
    this.#isDue = isDue;
  }

  override uniqueId(): string {
    if (this.faults === 0 && this.#isDue()) {
      this.faults += 1;
      throw new Error('no chance');
    }
    return super.uniqueId();
  }
}

describe.each([
  ['transaction', transactionBench],
  ['position', positionBench],
] as const)('a record that could not even be ended, in mode %s', (mode, bench) => {
  it.each(['each', 'prefix'] as const)("is not passed by those behind it, under '%s'", async (commit) => {
    const store = ledgerStore();
    const handled: string[] = [];
    const handle: EffectHandle = (record, context) => {
      handled.push(at(record));
      if (record.offset !== 0) return addOne(record, context);
      return context.effects.put({ table: ledger, item: { id: 'absent' }, condition: 'attribute_exists(id)' });
    };
    // After the refused commit of the group, if there was one, and of the record alone, its claim asks for an ID.
    const randomness = new FaultyRandomness(() => store.count('commit').calls === (commit === 'each' ? 1 : 2));
    const run = new ModeBench(
      (made) =>
        kafkaHandler<unknown, string>({
          ...made,
          ...(mode === 'transaction' ? { businessId: 'value.id', mode } : { mode }),
          commit,
          ports: { ...made.ports, randomness },
          handle,
        }),
      { store },
    );
    expect(await run.invoke(records)).toEqual({ undone: places });
    expect(randomness.faults).toBe(1);
    expect(run.counts()).toEqual({});
    expect(handled).toEqual(commit === 'each' ? places.slice(0, 1) : places);
    expect(await bench(addOne, {}, { store, seed: 2 }).invoke(records)).toEqual({ undone: [] });
    expect(run.counts()).toEqual(Object.fromEntries(places.map((place) => [place, 1])));
  });
});
