import { expect, expectTypeOf, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import * as effectErrors from '../../../../lib/core/errors/effect-errors.ts';
import * as errors from '../../../../lib/core/errors/errors.ts';
import * as main from '../../../../lib/index.ts';
import * as modes from '../../../../lib/modes/index.ts';

const given = { handle: (): undefined => undefined, store: new MemoryStore(), namespace: 'main' };

/** What a user of plain JavaScript meets. */
function made(kafkaHandler: (options: never) => unknown, options: object): unknown {
  return Reflect.apply(kafkaHandler, undefined, [{ ...given, ...options }]);
}

it.each(['transaction', 'position', 'mark'])('the main entry says where mode %s is', (mode) => {
  const problem = `is '${mode}': import kafkaHandler from 'kafka-once/modes', which has that mode`;
  expect(() => made(main.kafkaHandler, { mode })).toThrow(new main.ConfigurationError('mode', problem));
  expect(() => made(modes.kafkaHandler, { mode })).not.toThrow();
});

it.each([
  ['commit', 'each'],
  ['generation', 1],
  ['handleMany', given.handle],
  ['countStarts', true],
])('the main entry refuses %s, by name', (option, value) => {
  expect(() => made(main.kafkaHandler, { [option]: value })).toThrow(`${option}: is no option of mode 'claim'`);
});

it('both entries claim by default', () => {
  for (const { kafkaHandler } of [main, modes]) {
    expect(() => made(kafkaHandler, {})).not.toThrow();
    expect(() => made(kafkaHandler, { mode: 'claim' })).not.toThrow();
  }
});

it('the types of each entry have its modes', () => {
  type Main = Parameters<typeof main.kafkaHandler>[0];
  type Modes = Parameters<typeof modes.kafkaHandler>[0];
  expectTypeOf<{ mode: 'claim'; handle: () => void }>().toExtend<Main>();
  expectTypeOf<{ mode: 'mark'; handle: () => void }>().not.toExtend<Main>();
  expectTypeOf<{ mode: 'claim' | 'mark'; handle: () => void }>().toExtend<Modes>();
});

it('a store of the main entry does not commit, and a mode that commits says so', () => {
  const tableName = 'markers';
  expect(() => made(modes.kafkaHandler, { mode: 'position', store: modes.dynamoDbStore({ tableName }) })).not.toThrow();
  expect(() => made(modes.kafkaHandler, { mode: 'position', store: main.dynamoDbStore({ tableName }) })).toThrow(
    "store: has no commit, setMarks, readPositions, which mode 'position' needs: import dynamoDbStore from 'kafka-once/modes'",
  );
});

it('no name means one thing in one entry and another in the other, but for what the modes extend', () => {
  const shared = Object.keys(modes).filter((name) => name in main);
  expect(shared.sort()).toEqual(['dynamoDbStore', 'kafkaHandler']);
});

it('options in a variable are taken if they satisfy their type; the type alone may lack the decoder', () => {
  const claims = {
    ...given,
    value: main.text(),
    handle: (record) => record.value?.length,
  } satisfies main.ClaimOptions<string>;
  const transactions = { ...claims, mode: 'transaction' } satisfies modes.TransactionOptions<string>;
  expect(() => main.kafkaHandler(claims)).not.toThrow();
  expect(() => modes.kafkaHandler(transactions)).not.toThrow();
  expectTypeOf<main.ClaimOptions<string>>().not.toExtend<main.ClaimOptions>();
});

it.each([main, modes])('a handler that is missing is asked for by name', ({ kafkaHandler }) => {
  expect(() => made(kafkaHandler, { handle: undefined })).toThrow(
    'handle: is required: the function that handles one record (or handleMany, in the modes without claims)',
  );
});

it.each([
  ['the main entry', errors, main],
  ['kafka-once/modes, as only effects meet it,', effectErrors, modes],
])('every class of errors can be imported: %s has it', (_, declared, entry) => {
  expect(Object.entries(entry)).toEqual(expect.arrayContaining(Object.entries(declared)));
});
