import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { EffectsClosedError } from '../../../../lib/core/errors/effect-errors.ts';
import type { EffectContext } from '../../../../lib/handler/handler-context.ts';
import { addOne, ledger, positionBench, transactionBench } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';

/** A store that says which table its markers are in. */
class NamedStore extends MemoryStore {
  readonly tableName = 'Markers';

  constructor() {
    super({ tables: { [ledger]: { partitionKey: 'id' }, Markers: { partitionKey: 'id' } } });
  }
}

const bad: Readonly<Record<string, (context: EffectContext) => void>> = {
  'an effect on the idempotency table': ({ effects }) => effects.put({ table: 'Markers', item: { id: 'a' } }),
  'the same, by an ARN': ({ effects }) =>
    effects.delete({ table: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Markers', key: { id: 'a' } }),
  'one item in two effects': ({ effects }) => {
    effects.update({ table: ledger, key: { id: 'a' }, update: { add: { count: 1 } } });
    effects.delete({ table: ledger, key: { id: 'a' } });
  },
  'an item over 400 KB': ({ effects }) =>
    effects.put({ table: ledger, item: { id: 'a', text: 'x'.repeat(400 * 1024) } }),
  '100 effects': ({ effects }) => {
    for (let index = 0; index < 100; index += 1) effects.put({ table: ledger, item: { id: `${index}` } });
  },
  'effects over 4 MB': ({ effects }) => {
    for (let index = 0; index < 11; index += 1) {
      effects.put({ table: ledger, item: { id: `${index}`, text: 'x'.repeat(390 * 1024) } });
    }
  },
  'a value without a form': ({ effects }) => effects.put({ table: ledger, item: { id: 'a', price: Number.NaN } }),
  'an empty key': ({ effects }) => effects.delete({ table: ledger, key: {} }),
  'a key that its table does not have': ({ effects }) => effects.delete({ table: ledger, key: { name: 'a' } }),
};

const neighbours: BenchRecord[] = [
  { partition: 0, offset: 0, id: 'before' },
  { partition: 1, offset: 0, id: 'bad' },
  { partition: 2, offset: 0, id: 'after' },
];

describe.each([
  ['transaction', transactionBench],
  ['position', positionBench],
] as const)('in mode %s', (_mode, bench) => {
  it.each(Object.entries(bad))(
    '%s is a dead letter that names record and effect, and nothing of it is written',
    async (_what, add) => {
      const run = bench(
        (record, context) => {
          if (record.partition !== 1) return addOne(record, context);
          context.effects.put({ table: ledger, item: { id: 'first' } });
          return add(context);
        },
        {},
        { store: new NamedStore() },
      );
      expect(await run.invoke(neighbours)).toEqual({ undone: [] });
      expect(run.counts()).toEqual({ 'orders-0@0': 1, 'orders-2@0': 1 });
      expect(run.deadLetters.letters).toHaveLength(1);
      const [letter] = run.deadLetters.letters;
      expect(letter).toMatchObject({ reason: 'unprocessable', record: { partition: 1 } });
      expect(letter?.error).toBeInstanceOf(Error);
      expect(String(letter?.error)).toContain('orders-1@0');
      expect(await run.invoke(neighbours)).toEqual({ undone: [] });
      expect(run.deadLetters.letters).toHaveLength(1);
    },
  );

  it('an effect that is added after the handler returned is refused where it is added', async () => {
    let late: EffectContext['effects'] | undefined;
    const run = bench((record, context) => {
      late = context.effects;
      return addOne(record, context);
    });
    expect(await run.invoke([{ offset: 0, id: 'a' }])).toEqual({ undone: [] });
    expect(() => late?.put({ table: ledger, item: { id: 'late' } })).toThrow(EffectsClosedError);
    expect(() => late?.put({ table: ledger, item: { id: 'late' } })).toThrow(/orders-0@0/);
    expect(Object.keys(run.counts())).toEqual(['orders-0@0']);
  });

  it('a handler that changes what it gave changes nothing', async () => {
    const run = bench(async (record, { effects }) => {
      const item = { id: at(record), count: 1 };
      effects.put({ table: ledger, item });
      item.count = 2;
    });
    await run.invoke([{ offset: 0, id: 'a' }]);
    expect(run.counts()).toEqual({ 'orders-0@0': 1 });
  });

  it('a record that cannot be decoded is a dead letter, and the next is handled', async () => {
    const run = bench(addOne);
    const answer = await run.invoke([
      { offset: 0, rawValue: '!!' },
      { offset: 1, id: 'a' },
    ]);
    expect(answer).toEqual({ undone: [] });
    expect(run.deadLetters.letters).toMatchObject([{ reason: 'undecodable' }]);
    expect(run.counts()).toEqual({ 'orders-0@1': 1 });
  });

  it('without a dead-letter sink what cannot be written stays undone', async () => {
    const run = bench(
      (_record, { effects }) => effects.delete({ table: ledger, key: {} }),
      {},
      { deadLetters: 'none' },
    );
    expect(await run.invoke([{ offset: 0, id: 'a' }])).toEqual({ undone: ['orders-0@0'] });
    expect(await run.invoke([{ offset: 0, id: 'a' }])).toEqual({ undone: ['orders-0@0'] });
  });
});
