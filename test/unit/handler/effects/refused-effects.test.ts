import { describe, expect, it } from 'vitest';
import type { Effects } from '../../../../lib/core/effects/effects.ts';
import { logTextOf } from '../../../../lib/core/errors/log-text.ts';
import { ledger, type ModeBench, positionBench, transactionBench } from '../../../support/effect-bench.ts';
import { at } from '../../../support/handler-bench.ts';
import { asMany, positionManyBench, transactionManyBench } from '../../../support/many-bench.ts';

type Add = (effects: Effects) => void;
type Options = { readonly maxAttempts?: number; readonly commit?: 'each' | 'prefix' };

const makes: readonly (readonly [string, (add: Add, options?: Options) => ModeBench])[] = [
  ['transaction', (add, options) => transactionBench((_, { effects }) => add(effects), options)],
  ['position', (add, options) => positionBench((_, { effects }) => add(effects), options)],
  [
    'transaction, many',
    (add, options) =>
      transactionManyBench(
        asMany((_, { effects }) => add(effects)),
        options,
      ),
  ],
  [
    'position, many',
    (add, options) =>
      positionManyBench(
        asMany((_, { effects }) => add(effects)),
        options,
      ),
  ],
];

const secret = 'secret-content';
const batch = [{ offset: 0, id: 'one' }];
const details = (bench: ModeBench): readonly (string | undefined)[] =>
  bench.observations.flatMap((one) => (one.type === 'deadLettered' || one.type === 'recordEnded' ? [one.detail] : []));
const letterError = (bench: ModeBench): Error => {
  const error = bench.deadLetters.letters[0]?.error;
  if (!(error instanceof Error)) throw new Error('no letter with an error');
  return error;
};

describe.each(makes)('a refused effect in mode %s', (_, make) => {
  it('fails its record also where the handler catches the error: nothing is half written', async () => {
    const bench = make((effects) => {
      effects.put({ table: ledger, item: { id: 'first' } });
      try {
        effects.put({ table: ledger, item: { id: 'second', when: new Date(0) } });
      } catch {
        // Goes on, as if it were nothing.
      }
      try {
        Reflect.apply(effects.put, effects, [{ table: undefined, item: {} }]);
      } catch {
        // The first one is told.
      }
      effects.put({ table: ledger, item: { id: 'third' } });
    });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([
      { reason: 'unprocessable', error: { name: 'EffectError', index: 1, property: 'item.when' } },
    ]);
    expect(bench.store.items(ledger)).toEqual([]);
  });

  it('is told in logs by its place and fault, and by no name that may be of the record', async () => {
    const bench = make((effects) => {
      effects.put({ table: ledger, item: { id: 'a', byMail: { [secret]: new Map() } } });
    });
    await bench.invoke(batch);
    const told = details(bench).join();
    expect(told).toContain('effects[0] (put "Ledger"): item: must be a plain object');
    expect(JSON.stringify(bench.observations)).not.toContain(secret);
    expect(letterError(bench).message).toContain(secret);
  });

  it.each<readonly [string, object]>([
    ['a member that is not known', { table: ledger, item: { id: 'a' }, [secret]: 1 }],
    ['a table that is none', { table: `${secret} of a card`, item: { id: 'a' }, typo: 1 }],
    ['a placeholder', { table: ledger, item: { id: 'a' }, condition: `a = :${secret.replace('-', '')}` }],
  ])('is told without %s', async (_what, given) => {
    const bench = make((effects) => Reflect.apply(effects.put, effects, [given]));
    await bench.invoke(batch);
    expect(details(bench).join()).toContain('effects[0] (put "');
    expect(JSON.stringify(bench.observations)).not.toContain('secret');
  });

  it('fails its record also where what was given throws when it is looked at', async () => {
    const bench = make((effects) => {
      const given = {
        item: {},
        get table(): string {
          throw new Error('not to be looked at');
        },
      };
      try {
        effects.put(given);
      } catch {
        // Goes on.
      }
      effects.put({ table: ledger, item: { id: 'other' } });
    });
    expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@0'] });
    expect(bench.store.items(ledger)).toEqual([]);
  });

  it('without a table is no fault of the record: it is tried again, up to the last attempt', async () => {
    const bench = make((effects) => Reflect.apply(effects.put, effects, [{ table: undefined, item: { id: 'a' } }]), {
      maxAttempts: 2,
    });
    expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@0'] });
    expect(details(bench).join()).toContain('is an environment variable missing?');
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([
      { reason: 'attemptsExhausted', error: { name: 'EffectTableError' } },
    ]);
  });

  it('with what is no name of a table says nothing of that', async () => {
    const bench = make((effects) => effects.put({ table: `${secret} of a card`, item: { id: 'a' } }));
    expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@0'] });
    expect(details(bench).join()).toContain('effects[0] (put): table: must be the name or ARN of a table');
    expect(JSON.stringify(bench.observations)).not.toContain(secret);
  });

  it('of a record that was handled before is told by its place', async () => {
    let earlier: Effects | undefined;
    const bench = make((effects) => {
      earlier ??= effects;
      if (earlier !== effects) earlier.put({ table: `${secret} of a card`, item: { id: 'late' } });
    });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(await bench.invoke([{ offset: 1, id: 'two' }])).toEqual({ undone: ['orders-0@1'] });
    expect(details(bench).join()).toContain('effects[0] (put ""): added after the handler returned');
    expect(JSON.stringify(bench.observations)).not.toContain(secret);
  });

  it('that only the store can refuse is no failure of the store, and its words are in the letter', async () => {
    const bench = make((effects) => {
      effects.put({ table: ledger, item: { id: 'same' } });
      effects.put({ table: ledger, item: { id: 'same', n: 2 } });
    });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(letterError(bench)).toMatchObject({ name: 'UnwritableEffectsError', cause: { name: 'StoreError' } });
    expect(details(bench).join()).toContain(logTextOf(letterError(bench)));
    expect(bench.observations.map(({ type }) => type)).not.toContain('storeFailed');
  });

  it('whose condition does not hold is named in logs', async () => {
    const bench = make((effects) => {
      effects.put({ table: ledger, item: { id: 'a' } });
      effects.check({ table: ledger, key: { id: 'b' }, condition: 'attribute_exists(id)' });
    });
    expect(await bench.invoke(batch)).toEqual({ undone: ['orders-0@0'] });
    expect(details(bench).join()).toContain('effects[1] (check "Ledger"): its condition does not hold');
  });

  it("whose condition does not hold under 'reject' is named in logs and in the letter", async () => {
    const bench = make((effects) => {
      const check = { table: ledger, key: { id: 'b' }, condition: 'attribute_exists(id)' };
      effects.check({ ...check, onConditionFailed: 'reject' });
    });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    const told = 'effects[0] (check "Ledger"): its condition does not hold';
    expect(details(bench).join()).toContain(told);
    expect(letterError(bench).message).toContain(`orders-0@0: ${told}`);
  });

  it("with onConditionFailed 'skip' is told", async () => {
    const bench = make((effects) => {
      effects.put({ table: ledger, item: { id: 'a' } });
      effects.check({
        ...{ table: ledger, key: { id: 'b' }, condition: 'attribute_exists(id)' },
        onConditionFailed: 'skip',
      });
    });
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    const skipped = bench.observations.filter(({ type }) => type === 'effectsSkipped');
    expect(skipped).toMatchObject([{ coordinates: { topic: 'orders', partition: 0, offset: 0 } }]);
    expect(bench.store.items(ledger)).toEqual([]);
  });
});

it('records of one item, which cannot share a transaction, are no failure of the store', async () => {
  const bench = transactionBench(
    (record, { effects }) => effects.put({ table: ledger, item: { id: 'latest', at: at(record) } }),
    { commit: 'prefix' },
  );
  const records = Array.from({ length: 10 }, (_, offset) => ({ offset, id: offset }));
  expect(await bench.invoke(records)).toEqual({ undone: [] });
  expect(bench.store.items(ledger)).toEqual([{ id: 'latest', at: 'orders-0@9' }]);
  expect(bench.observations.map(({ type }) => type)).not.toContain('storeFailed');
});
