import { describe, expect, it } from 'vitest';
import { effectOf, problemOf, untyped } from './recorders.ts';

const none = { condition: undefined, names: undefined, values: undefined, onConditionFailed: 'fail' };

describe('a raw action', () => {
  it('is each of the four', () => {
    const Key = { id: { S: 'o1' } };
    const terms = {
      ConditionExpression: '#v = :v',
      ExpressionAttributeNames: { '#v': 'version' },
      ExpressionAttributeValues: { ':v': { N: '3.0' } },
    };
    const read = {
      table: 'Orders',
      condition: '#v = :v',
      names: { '#v': 'version' },
      values: { ':v': { N: '3.0' } },
      onConditionFailed: 'fail',
    };
    const TableName = 'Orders';
    const update = 'SET a = :v';
    expect(effectOf(({ raw }) => raw({ Put: { TableName, Item: Key, ...terms } }))).toStrictEqual({
      ...read,
      kind: 'put',
      item: Key,
    });
    expect(
      effectOf(({ raw }) => raw({ Update: { TableName, Key, UpdateExpression: update, ...terms } })),
    ).toStrictEqual({
      ...read,
      kind: 'update',
      key: Key,
      update,
    });
    expect(effectOf(({ raw }) => raw({ Delete: { TableName, Key, ...terms } }))).toStrictEqual({
      ...read,
      kind: 'delete',
      key: Key,
    });
    expect(effectOf(({ raw }) => raw({ ConditionCheck: { TableName, Key, ...terms } }))).toStrictEqual({
      ...read,
      kind: 'check',
      key: Key,
    });
  });

  it('keeps attribute values of every type', () => {
    const Item = {
      S: { S: '' },
      N: { N: '1E+50' },
      B: { B: Uint8Array.of(1) },
      BOOL: { BOOL: false },
      NULL: { NULL: true },
      SS: { SS: ['a'] },
      NS: { NS: ['1', '.5'] },
      BS: { BS: [Uint8Array.of(1), Uint8Array.of()] },
      L: { L: [{ L: [] }, { S: 'x' }] },
      M: { M: { inner: { M: {} } } },
    };
    expect(effectOf(({ raw }) => raw({ Put: { TableName: 'Tab', Item } }))).toStrictEqual({
      ...none,
      table: 'Tab',
      kind: 'put',
      item: Item,
    });
  });

  it('may have undefined members, asks for no old item, and takes its own way out', () => {
    const action = {
      Put: {
        TableName: 'Tab',
        Item: { id: { S: 'o1', N: undefined } },
        ConditionExpression: undefined,
        ExpressionAttributeNames: undefined,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      Delete: undefined,
    };
    expect(effectOf(({ raw }) => raw(action, { onConditionFailed: 'skip' }))).toStrictEqual({
      ...none,
      table: 'Tab',
      kind: 'put',
      item: { id: { S: 'o1' } },
      onConditionFailed: 'skip',
    });
  });

  it.each<[string, unknown, string]>([
    ['a plain value', 'o1', "must be an attribute value, as { S: '…' } (effects.document takes plain values)"],
    ['no type', {}, "must be an attribute value, as { S: '…' } (effects.document takes plain values)"],
    [
      'two types',
      { S: 'a', N: '1' },
      "must be an attribute value, as { S: '…' } (effects.document takes plain values)",
    ],
    ['another type', { X: 'a' }, '.X: is not what DynamoDB takes for an attribute value of this type'],
    ['a number as S', { S: 1 }, '.S: is not what DynamoDB takes for an attribute value of this type'],
    ['a number as N', { N: 1 }, '.N: is not what DynamoDB takes for an attribute value of this type'],
    ['a text as N', { N: '0x10' }, '.N: is not what DynamoDB takes for an attribute value of this type'],
    ['39 digits', { N: '1'.repeat(39) }, '.N: is not what DynamoDB takes for an attribute value of this type'],
    ['a text as B', { B: 'AQ==' }, '.B: is not what DynamoDB takes for an attribute value of this type'],
    ['a false NULL', { NULL: false }, '.NULL: is not what DynamoDB takes for an attribute value of this type'],
    ['a text as BOOL', { BOOL: 'true' }, '.BOOL: is not what DynamoDB takes for an attribute value of this type'],
    ['a text as SS', { SS: 'a' }, '.SS: is not what DynamoDB takes for an attribute value of this type'],
    ['a number in SS', { SS: [1] }, '.SS[0].S: is not what DynamoDB takes for an attribute value of this type'],
    ['an empty set', { NS: [] }, '.NS: an empty set has no form in DynamoDB'],
    ['a number twice', { NS: ['1', '1.0'] }, '.NS: a set holds nothing twice'],
    ['half a pair', { S: '\udc00' }, '.S: a text with half a surrogate pair has no form in UTF-8'],
    ['a list that is none', { L: {} }, '.L: is not what DynamoDB takes for an attribute value of this type'],
    [
      'a plain element',
      { L: ['a'] },
      ".L[0]: must be an attribute value, as { S: '…' } (effects.document takes plain values)",
    ],
    [
      'a map that is none',
      { M: [] },
      '.M: must be a plain object: what has a class (a Date, a Map, …) has no form in DynamoDB',
    ],
  ])('is refused with %s', (_, price, problem) => {
    const refused = problemOf((effects) => effects.raw({ Put: { TableName: 'Tab', Item: { id: { S: 'a' }, price } } }));
    expect(refused).toBe(`Put.Item.price${problem.startsWith('.') ? '' : ': '}${problem}`);
  });

  it('is refused where it contains itself', () => {
    const list: unknown[] = [];
    list.push({ L: list });
    expect(problemOf((effects) => effects.raw({ Put: { TableName: 'Tab', Item: { a: { L: list } } } }))).toMatch(
      /^Put\.Item\.a\.L\[0\]\.L.*: contains itself, or is nested deeper than 32 levels$/,
    );
  });
});

describe('an action with plain values', () => {
  it('is what the document client takes', () => {
    const Update = {
      TableName: 'Orders',
      Key: { pk: 'o1', sk: 2 },
      UpdateExpression: 'SET #t = :t',
      ExpressionAttributeNames: { '#t': 'tags' },
      ExpressionAttributeValues: { ':t': new Set(['a']) },
    };
    expect(effectOf(({ document }) => document({ Update }, { onConditionFailed: 'reject' }))).toStrictEqual({
      kind: 'update',
      table: 'Orders',
      key: { pk: { S: 'o1' }, sk: { N: '2' } },
      update: 'SET #t = :t',
      condition: undefined,
      names: { '#t': 'tags' },
      values: { ':t': { SS: ['a'] } },
      onConditionFailed: 'reject',
    });
  });

  it('is what ElectroDB makes for a transaction, with the function that it hides there', () => {
    const made = {
      Put: {
        Item: { id: '1', pk: '$shop#id_1', sk: '$order_1', __edb_e__: 'order', __edb_v__: '1' },
        TableName: 'Orders',
        ConditionExpression: 'attribute_not_exists(#pk) AND attribute_not_exists(#sk)',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
      },
      [Symbol('transaction_commit')]: () => undefined,
    };
    expect(effectOf(({ document }) => document(made))).toMatchObject({ kind: 'put', item: { id: { S: '1' } } });
  });
});

describe('both', () => {
  const Key = { id: 1 };

  it.each<[string, object, string]>([
    ['none of the four', {}, 'must hold exactly one of Put, Update, Delete, ConditionCheck'],
    ['two of the four', { Put: {}, Delete: {} }, 'must hold exactly one of Put, Update, Delete, ConditionCheck'],
    ['what is no action', { Put: 'x' }, 'must hold exactly one of Put, Update, Delete, ConditionCheck'],
    ['another action', { Get: {} }, 'Get: is not known here (Put, Update, Delete, ConditionCheck)'],
    [
      'a member of another API',
      { Delete: { TableName: 'Tab', Key, Expected: {} } },
      'Delete.Expected: is not known here (TableName, Item, Key, UpdateExpression, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure)',
    ],
    [
      'a member of another action',
      { Delete: { TableName: 'Tab', Key, Item: {} } },
      'Delete.Item: is not known here (table, condition, names, values, onConditionFailed, key)',
    ],
    [
      'no table',
      { Delete: { Key } },
      'Delete.TableName: must be the name or ARN of a table: is an environment variable missing?',
    ],
    ['an empty key', { Delete: { TableName: 'Tab', Key: {} } }, 'Delete.Key: must hold one attribute, or two'],
    ['no update', { Update: { TableName: 'Tab', Key } }, 'Update.UpdateExpression: must be a text that is not empty'],
    [
      'no condition',
      { ConditionCheck: { TableName: 'Tab', Key } },
      'ConditionCheck.ConditionExpression: must be a text that is not empty',
    ],
    [
      'names that are none',
      { Delete: { TableName: 'Tab', Key, ExpressionAttributeNames: 1 } },
      'Delete.ExpressionAttributeNames: must be an object',
    ],
  ])('are refused with %s, by the names of their members', (_, action, problem) => {
    expect(problemOf((effects) => effects.document(action))).toBe(problem);
  });

  it('are refused with options that mean nothing', () => {
    const action = { Delete: { TableName: 'Tab', Key } };
    expect(problemOf((effects) => untyped(effects, 'document', action, { onConditionFailed: 'no' }))).toBe(
      "onConditionFailed: must be 'fail', 'skip' or 'reject'",
    );
    expect(problemOf((effects) => untyped(effects, 'document', action, { onFailed: 'skip' }))).toMatch(
      /^onFailed: is not known here/,
    );
    expect(problemOf((effects) => untyped(effects, 'document', action, 'skip'))).toBe('options must be an object');
  });
});
