import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { addOne, type EffectHandle, ledger, positionBench, transactionBench } from '../../../support/effect-bench.ts';
import { type BenchRecord, base64 } from '../../../support/handler-bench.ts';
import { positionManyBench } from '../../../support/many-bench.ts';

const records: BenchRecord[] = [0, 1, 2].map((offset) => ({ offset, id: `id-${offset}` }));
const undone = { undone: ['orders-0@1', 'orders-0@2'] };

/** A store that lets positions be read once, and not again. */
class ReadOnce extends MemoryStore {
  #reads = 0;

  constructor() {
    super({ tables: { [ledger]: { partitionKey: 'id' } } });
  }

  override async readPositions(
    ...given: Parameters<MemoryStore['readPositions']>
  ): ReturnType<MemoryStore['readPositions']> {
    this.#reads += 1;
    if (this.#reads === 1) return await super.readPositions(...given);
    return given[0].map(() => ({ kind: 'failed', error: new StoreError('configuration', 'not allowed any more') }));
  }
}

const refusedAtOne: EffectHandle = (record, context) => {
  if (record.offset !== 1) return addOne(record, context);
  const condition = 'attribute_exists(id)';
  return context.effects.check({ table: ledger, key: { id: 'absent' }, condition, onConditionFailed: 'reject' });
};

const thrownAtOne: EffectHandle = (record, context) => {
  if (record.offset === 1) throw new UnprocessableRecordError('no use');
  return addOne(record, context);
};

describe.each(['each', 'prefix'] as const)("what comes behind a record that failed, commit '%s'", (commit) => {
  it.each([
    ['transaction', transactionBench],
    ['position', positionBench],
  ] as const)('because nobody can write its effects, is not written in mode %s', async (_mode, newBench) => {
    const bench = newBench(
      (record, context) => {
        if (record.offset !== 1) return addOne(record, context);
        return context.effects.put({ table: 'Missing', item: { id: 'a' } });
      },
      { commit },
    );
    expect(await bench.invoke(records)).toEqual(undone);
    expect(bench.counts()).toEqual({ 'orders-0@0': 1 });
    expect(bench.outcomes()).toMatchObject({ 'orders-0@1': 'failed', 'orders-0@2': 'heldBack' });
  });

  it.each([
    ['a refused condition', refusedAtOne],
    ['a throw', thrownAtOne],
  ])(
    'because nobody can read whether %s is to be believed, is not written, and there is no letter',
    async (_what, handle) => {
      const bench = positionBench(handle, { commit }, { store: new ReadOnce() });
      expect(await bench.invoke(records)).toEqual(undone);
      expect(bench.counts()).toEqual({ 'orders-0@0': 1 });
      expect(bench.deadLetters.letters).toEqual([]);
      expect(bench.outcomes()).toMatchObject({ 'orders-0@1': 'failed', 'orders-0@2': 'heldBack' });
    },
  );
});

describe('a record of position mode', () => {
  it('that is out of order takes nothing along that is on its way', async () => {
    const bench = positionBench(addOne, { commit: 'prefix' });
    expect(await bench.invoke([{ offset: 5 }, { offset: 6 }, { offset: 3 }])).toEqual({ undone: ['orders-0@3'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@5': 'handled', 'orders-0@6': 'handled', 'orders-0@3': 'failed' });
  });

  it('behind one that is out of order is held back, whatever its own place is', async () => {
    const bench = positionBench(addOne);
    expect(await bench.invoke([{ offset: 5 }, { offset: 3 }, { offset: 2 }])).toEqual({
      undone: ['orders-0@3', 'orders-0@2'],
    });
    expect(bench.outcomes()).toEqual({ 'orders-0@5': 'handled', 'orders-0@3': 'failed', 'orders-0@2': 'heldBack' });
  });

  it('is not decoded any more when no time is left', async () => {
    const bench = positionManyBench(() => undefined);
    expect(await bench.invoke([{ offset: 0, rawValue: base64('{') }], 400)).toEqual({ undone: ['orders-0@0'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'notAttempted' });
    expect(bench.deadLetters.letters).toEqual([]);
  });
});
