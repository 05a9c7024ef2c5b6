import { describe, expect, it } from 'vitest';
import { effectOf, problemOf, untyped } from './recorders.ts';

const key = { id: 'o1' };
const table = 'Orders';

describe('put, update, delete and check', () => {
  it('have conditions with names and values, and fail by default', () => {
    const terms = { condition: '#v = :v', names: { '#v': 'version' }, values: { ':v': 3 } };
    const read = {
      table,
      condition: '#v = :v',
      names: { '#v': 'version' },
      values: { ':v': { N: '3' } },
      onConditionFailed: 'fail',
    };
    const attributes = { id: { S: 'o1' } };
    expect(effectOf((effects) => effects.put({ table, item: key, ...terms }))).toStrictEqual({
      ...read,
      kind: 'put',
      item: attributes,
    });
    expect(
      effectOf((effects) => effects.update({ table, key, update: 'REMOVE note', ...terms, onConditionFailed: 'skip' })),
    ).toStrictEqual({ ...read, kind: 'update', key: attributes, update: 'REMOVE note', onConditionFailed: 'skip' });
    expect(effectOf((effects) => effects.delete({ table, key, ...terms, onConditionFailed: 'reject' }))).toStrictEqual({
      ...read,
      kind: 'delete',
      key: attributes,
      onConditionFailed: 'reject',
    });
    expect(effectOf((effects) => effects.check({ table, key, ...terms }))).toStrictEqual({
      ...read,
      kind: 'check',
      key: attributes,
    });
  });

  it('take undefined and empty names and values for none', () => {
    const none = { table, condition: undefined, names: undefined, values: undefined, onConditionFailed: 'fail' };
    expect(effectOf((effects) => effects.delete({ table, key, names: {}, values: {} }))).toStrictEqual({
      ...none,
      kind: 'delete',
      key: { id: { S: 'o1' } },
    });
    expect(
      effectOf((effects) => effects.delete({ table, key, condition: undefined, onConditionFailed: undefined })),
    ).toMatchObject(none);
  });

  it.each<[string, 'put' | 'update' | 'delete' | 'check', object, string]>([
    [
      'a misspelt member',
      'delete',
      { key, conditon: 'x' },
      'conditon: is not known here (table, condition, names, values, onConditionFailed, key)',
    ],
    [
      'a key of a put',
      'put',
      { item: key, key },
      'key: is not known here (table, condition, names, values, onConditionFailed, item)',
    ],
    [
      'no key',
      'delete',
      {},
      'key: must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB',
    ],
    ['an empty key', 'delete', { key: {} }, 'key: must hold one attribute, or two'],
    ['an undefined key', 'delete', { key: { id: undefined } }, 'key: must hold one attribute, or two'],
    ['three attributes', 'delete', { key: { a: 1, b: 2, c: 3 } }, 'key: must hold one attribute, or two'],
    [
      'an empty string',
      'delete',
      { key: { id: '' } },
      'key.id: must be a number, or a string or bytes that are not empty',
    ],
    [
      'empty bytes',
      'delete',
      { key: { id: new Uint8Array() } },
      'key.id: must be a number, or a string or bytes that are not empty',
    ],
    [
      'a boolean key',
      'delete',
      { key: { id: true } },
      'key.id: must be a number, or a string or bytes that are not empty',
    ],
    ['an empty item', 'put', { item: {} }, 'item: has no attributes'],
    ['an empty condition', 'delete', { key, condition: '' }, 'condition: must be a text that is not empty'],
    ['no condition of a check', 'check', { key }, 'condition: must be a text that is not empty'],
    ['no update', 'update', { key }, 'update: must be a text that is not empty'],
    ['names that are none', 'delete', { key, names: ['id'] }, 'names: must be an object'],
    ['a name that is none', 'delete', { key, names: { '#a': 1 } }, 'names.#a: must be a text that is not empty'],
    [
      'values that are none',
      'delete',
      { key, values: 'x' },
      'values: must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB',
    ],
    [
      'another way out',
      'delete',
      { key, onConditionFailed: 'ignore' },
      "onConditionFailed: must be 'fail', 'skip' or 'reject'",
    ],
    [
      'a name without #',
      'delete',
      { key, condition: 'a = b', names: { a: 'b' } },
      'a: is used in no expression (names begin with #, values with :)',
    ],
    [
      'a value that is not used',
      'delete',
      { key, condition: ':ab = :abc', values: { ':a': 1, ':ab': 1, ':abc': 1 } },
      ':a: is used in no expression (names begin with #, values with :)',
    ],
    [
      'a name without a condition',
      'put',
      { item: key, names: { '#a': 'a' } },
      '#a: is used in no expression (names begin with #, values with :)',
    ],
    [
      'a name that is not given',
      'delete',
      { key, condition: 'attribute_exists(#a)' },
      '#a: is used, and has no name or value',
    ],
    ['a value that is not given', 'update', { key, update: 'SET a = :a' }, ':a: is used, and has no name or value'],
  ])('are refused with %s', (_, method, given, problem) => {
    expect(problemOf((effects) => untyped(effects, method, { table, ...given }))).toBe(problem);
  });

  it.each([undefined, '', 7, 'ab', 'my orders', 'a/b', 'x'.repeat(256)])('are refused without a table: %s', (name) => {
    expect(problemOf((effects) => untyped(effects, 'delete', { table: name, key }))).toBe(
      'table: must be the name or ARN of a table: is an environment variable missing?',
    );
  });
});

describe('an update of attributes', () => {
  it('sets, adds and removes', () => {
    const effect = effectOf((effects) =>
      effects.update({
        table,
        key,
        update: { set: { status: 'PAID', gone: undefined }, add: { total: 5, tags: new Set(['x']) }, remove: ['note'] },
      }),
    );
    expect(effect).toStrictEqual({
      kind: 'update',
      table,
      key: { id: { S: 'o1' } },
      update: 'SET #g0 = :g0 ADD #g1 :g1, #g2 :g2 REMOVE #g3',
      condition: undefined,
      names: { '#g0': 'status', '#g1': 'total', '#g2': 'tags', '#g3': 'note' },
      values: { ':g0': { S: 'PAID' }, ':g1': { N: '5' }, ':g2': { SS: ['x'] } },
      onConditionFailed: 'fail',
    });
  });

  it('needs no values where it only removes', () => {
    expect(effectOf((effects) => effects.update({ table, key, update: { remove: ['note'] } }))).toMatchObject({
      update: 'REMOVE #g0',
      values: undefined,
    });
  });

  it("stands beside the user's own names and values, and never shares one with them", () => {
    const effect = effectOf((effects) =>
      effects.update({
        table,
        key,
        update: { set: { a: 1 } },
        condition: '#g0 = :g0 AND #g_x = :ok',
        names: { '#g0': 'b', '#g_x': 'c' },
        values: { ':g0': 2, ':ok': 3 },
      }),
    );
    expect(effect).toMatchObject({
      update: 'SET #g__0 = :g__0',
      names: { '#g0': 'b', '#g_x': 'c', '#g__0': 'a' },
      values: { ':g0': { N: '2' }, ':ok': { N: '3' }, ':g__0': { N: '1' } },
    });
  });

  it('takes no generated name or value for one that the user forgot, or named alone', () => {
    const update = { set: { a: 1 } };
    const condition = 'attribute_exists(#g0)';
    expect(problemOf((effects) => effects.update({ table, key, update, condition }))).toBe(
      '#g0: is used, and has no name or value',
    );
    const values = { ':g0': 2 };
    expect(effectOf((effects) => effects.update({ table, key, update, condition: 'a = :g0', values }))).toMatchObject({
      values: { ':g0': { N: '2' }, ':g_0': { N: '1' } },
    });
  });

  it.each<[string, object, string]>([
    ['nothing', {}, 'update: changes nothing'],
    ['only undefined', { set: { a: undefined } }, 'update: changes nothing'],
    ['another clause', { sets: { a: 1 } }, 'update.sets: is not known here (set, add, remove)'],
    ['an attribute of the key', { set: { id: 'o2' } }, 'id: is an attribute of the key, or is changed twice'],
    ['one attribute twice', { set: { a: 1 }, remove: ['a'] }, 'a: is an attribute of the key, or is changed twice'],
    ['what cannot be added', { add: { a: 'x' } }, 'update.add.a: must be a number or a set'],
    ['remove that is no list', { remove: 'a' }, 'update.remove: must be a list of names of attributes'],
    ['no name to remove', { remove: [''] }, 'update.remove[0]: must be a text that is not empty'],
    ['a value without a form', { set: { a: [Number.NaN] } }, 'update.set.a[0]: NaN has no form in DynamoDB'],
  ])('is refused with %s', (_, update, problem) => {
    expect(problemOf((effects) => untyped(effects, 'update', { table, key, update }))).toBe(problem);
  });
});

describe('transition', () => {
  const attribute = 'status';
  const transition = (more: object): unknown =>
    effectOf((effects) => untyped(effects, 'transition', { table, key, attribute, to: 'PAID', ...more }));

  it('sets the attribute only where it is as it was', () => {
    expect(transition({ from: 'PLACED', set: { paidAt: 7 }, onConditionFailed: 'skip' })).toStrictEqual({
      kind: 'update',
      table,
      key: { id: { S: 'o1' } },
      update: 'SET #g0 = :g0, #g1 = :g1',
      condition: '#g1 = :g2',
      names: { '#g0': 'paidAt', '#g1': 'status' },
      values: { ':g0': { N: '7' }, ':g1': { S: 'PAID' }, ':g2': { S: 'PLACED' } },
      onConditionFailed: 'skip',
    });
  });

  it('takes several states, and none', () => {
    expect(transition({ from: ['A', 'B'] })).toMatchObject({ condition: '#g0 = :g1 OR #g0 = :g2' });
    expect(transition({ from: undefined })).toMatchObject({ condition: 'attribute_not_exists(#g0)' });
    expect(transition({ from: [undefined, null] })).toMatchObject({
      condition: 'attribute_not_exists(#g0) OR #g0 = :g1',
      values: { ':g1': { NULL: true } },
    });
  });

  it.each<[string, object, string]>([
    ['no states', { from: [] }, 'from: must hold one state at least'],
    ['no attribute', { from: 'A', attribute: undefined }, 'attribute: must be a text that is not empty'],
    ['no new state', { from: 'A', to: undefined }, 'to: undefined has no form in DynamoDB'],
    [
      'the attribute in set',
      { from: 'A', set: { status: 'B' } },
      'status: is an attribute of the key, or is changed twice',
    ],
    [
      'a condition',
      { from: 'A', condition: 'x' },
      'condition: is not known here (table, key, attribute, from, to, set, onConditionFailed)',
    ],
    ['the key as state', { from: 'A', attribute: 'id' }, 'id: is an attribute of the key, or is changed twice'],
  ])('is refused with %s', (_, more, problem) => {
    expect(problemOf(() => transition(more))).toBe(problem);
  });
});

describe('updateIfVersion', () => {
  const versioned = (more: object): unknown =>
    effectOf((effects) => untyped(effects, 'updateIfVersion', { table, key, ...more }));

  it('raises the version that was read, and only that', () => {
    expect(versioned({ version: 4, set: { total: 9 }, add: { count: 1 }, remove: ['note'] })).toStrictEqual({
      kind: 'update',
      table,
      key: { id: { S: 'o1' } },
      update: 'SET #g0 = :g0, #g1 = :g1 ADD #g2 :g2 REMOVE #g3',
      condition: '#g1 = :g3',
      names: { '#g0': 'total', '#g1': 'version', '#g2': 'count', '#g3': 'note' },
      values: { ':g0': { N: '9' }, ':g1': { N: '5' }, ':g2': { N: '1' }, ':g3': { N: '4' } },
      onConditionFailed: 'fail',
    });
  });

  it('begins with version 1 where there is none', () => {
    expect(versioned({ version: undefined, versionAttribute: 'rev' })).toMatchObject({
      update: 'SET #g0 = :g0',
      condition: 'attribute_not_exists(#g0)',
      names: { '#g0': 'rev' },
      values: { ':g0': { N: '1' } },
    });
  });

  it.each<[string, object, string]>([
    ['a fraction', { version: 1.5 }, 'version: must be a whole number'],
    ['a text', { version: '1' }, 'version: must be a whole number'],
    ['null', { version: null }, 'version: must be a whole number'],
    [
      'the last number',
      { version: 2 ** 53 - 1 },
      'version: a number beyond 2^53 - 1 may have been rounded: give it as a bigint',
    ],
    [
      'the version in set',
      { version: 1, set: { version: 2 } },
      'version: is an attribute of the key, or is changed twice',
    ],
  ])('is refused with %s', (_, more, problem) => {
    expect(problemOf(() => versioned(more))).toBe(problem);
  });
});
