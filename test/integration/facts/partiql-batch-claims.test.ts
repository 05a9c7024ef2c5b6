import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  ExecuteStatementCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { codes, type FactsTable, factsTable, failureOf, n, s } from './facts-table.ts';

let table: FactsTable;
beforeAll(async () => {
  table = await factsTable();
});

const numbered = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('25 claims in one BatchExecuteStatement', () => {
  it('are answered one by one, in the order of the statements', async () => {
    await table.batch(['k3', 'k7', 'k24'].map((id) => table.claim(id, 'other')));
    const answers = codes(await table.batch(numbered('k', 25).map((id) => table.claim(id))));
    expect(answers).toHaveLength(25);
    expect(answers.flatMap((code, i) => (code === 'DuplicateItem' ? [i] : []))).toEqual([3, 7, 24]);
    expect(answers.filter((code) => code === 'ok')).toHaveLength(22);
    expect((await table.item('k3'))?.owner).toEqual(s('other'));
  });

  it('tell of a taken key without the item, though ALL_OLD was asked for', async () => {
    await table.batch([table.claim('taken', 'other')]);
    const [member] = await table.batch([table.claim('taken')]);
    expect(member?.Error?.Code).toBe('DuplicateItem');
    expect(member?.Error?.Item).toBeUndefined();
    expect(member?.Item).toBeUndefined();
  });

  it('are DuplicateItem by name when sent alone, too', async () => {
    await table.batch([table.claim('alone')]);
    const { Statement, Parameters } = table.claim('alone');
    const failure = await failureOf(table.client.send(new ExecuteStatementCommand({ Statement, Parameters })));
    expect(failure).toMatchObject({ name: 'DuplicateItem', status: 400, attempts: 1 });
  });

  it('carry structured values as parameters, but not the whole item as one', async () => {
    const data = { M: { list: { L: [n(1), { NULL: true }, { BOOL: true }] }, set: { SS: ['x'] }, empty: { M: {} } } };
    const [stored, refused] = await table.batch([
      { Statement: `INSERT INTO "${table.name}" VALUE {'id': ?, 'data': ?}`, Parameters: [s('structured'), data] },
      { Statement: `INSERT INTO "${table.name}" VALUE ?`, Parameters: [{ M: { id: s('whole') } }] },
    ]);
    expect(stored?.Error).toBeUndefined();
    expect((await table.item('structured'))?.data).toEqual(data);
    expect(refused?.Error?.Code).toBe('ValidationError');
  });

  it('may travel with updates and deletes of other items', async () => {
    await table.batch([table.claim('mix-update'), table.claim('mix-delete')]);
    const members = await table.batch([
      table.claim('mix-insert'),
      { Statement: `UPDATE "${table.name}" SET "fence" = "fence" + 1 WHERE "id" = ?`, Parameters: [s('mix-update')] },
      { Statement: `DELETE FROM "${table.name}" WHERE "id" = ?`, Parameters: [s('mix-delete')] },
    ]);
    expect(codes(members)).toEqual(['ok', 'ok', 'ok']);
    expect((await table.item('mix-update'))?.fence).toEqual(n(2));
    expect(await table.item('mix-delete')).toBeUndefined();
  });

  it('may be large: 25 of 390 KB', async () => {
    const statements = numbered('large', 25).map((id) => ({
      Statement: `INSERT INTO "${table.name}" VALUE {'id': ?, 'data': ?}`,
      Parameters: [s(id), s('x'.repeat(390_000))],
    }));
    expect(new Set(codes(await table.batch(statements)))).toEqual(new Set(['ok']));
  });
});

describe('a member that cannot be executed', () => {
  const insert = (id: string, ...more: ReturnType<typeof s>[]) => ({
    Statement: `INSERT INTO "${table.name}" VALUE {'id': ?, 'data': ?}`,
    Parameters: [s(id), ...more],
  });

  it.each([
    ['an item over 400 KB', () => insert('too-large', s('x'.repeat(410_000)))],
    ['an empty id', () => insert('', s('x'))],
    ['an id over 2048 bytes', () => insert('x'.repeat(2049), s('x'))],
    ['a parameter too few', () => insert('too-few')],
    [
      'a malformed statement',
      () => ({ Statement: `INSERT INTO "${table.name}" VALU {'id': ?}`, Parameters: [s('x')] }),
    ],
  ])('fails alone with ValidationError: %s', async (what, statement) => {
    const neighbour = `beside ${what}`;
    expect(codes(await table.batch([statement(), table.claim(neighbour)]))).toEqual(['ValidationError', 'ok']);
    expect(await table.item(neighbour)).toBeDefined();
  });

  it('fails alone with ResourceNotFound for a missing table: no exception tells of it', async () => {
    const elsewhere = {
      ...table.claim('x'),
      Statement: `INSERT INTO "no-such-table" VALUE {'id': ?}`,
      Parameters: [s('x')],
    };
    expect(codes(await table.batch([elsewhere, table.claim('beside missing table')]))).toEqual([
      'ResourceNotFound',
      'ok',
    ]);
    expect(codes(await table.batch([elsewhere]))).toEqual(['ResourceNotFound']);
    const put = table.client.send(new PutItemCommand({ TableName: 'no-such-table', Item: { id: s('x') } }));
    expect((await failureOf(put)).name).toBe('ResourceNotFoundException');
    const read = table.client.send(
      new BatchGetItemCommand({ RequestItems: { 'no-such-table': { Keys: [{ id: s('x') }] } } }),
    );
    expect((await failureOf(read)).name).toBe('ResourceNotFoundException');
  });
});

describe('a request refused whole, with ValidationException', () => {
  const refused = { name: 'ValidationException', status: 400, attempts: 1 };
  const fail = (statements: ReturnType<FactsTable['claim']>[]) =>
    failureOf(table.client.send(new BatchExecuteStatementCommand({ Statements: statements })));

  it('names an item twice; it may have been executed all the same, so its outcome is unknown', async () => {
    expect(await fail([table.claim('twice'), table.claim('twice')])).toMatchObject(refused);
    expect(await table.item('twice')).toBeDefined();
  });

  it('names an item twice by different statements', async () => {
    await table.batch([table.claim('two-ways')]);
    const update = { Statement: `UPDATE "${table.name}" SET "fence" = 5 WHERE "id" = 'two-ways'` };
    const remove = { Statement: `DELETE FROM "${table.name}" WHERE "id" = ?`, Parameters: [s('two-ways')] };
    expect(await fail([update, remove])).toMatchObject(refused);
  });

  it('has 26 statements', async () => {
    expect(await fail(numbered('m', 26).map((id) => table.claim(id)))).toMatchObject(refused);
    expect(await table.item('m0')).toBeUndefined();
  });

  it('mixes reads with writes', async () => {
    const read = {
      Statement: `SELECT * FROM "${table.name}" WHERE "id" = ?`,
      Parameters: [s('x')],
      ConsistentRead: true,
    };
    expect(await fail([read, table.claim('beside a read')])).toMatchObject(refused);
    expect(await table.item('beside a read')).toBeUndefined();
  });

  it('has a number of 39 digits', async () => {
    const insert = {
      Statement: `INSERT INTO "${table.name}" VALUE {'id': ?, 'data': ?}`,
      Parameters: [s('39 digits'), n('1'.repeat(39))],
    };
    expect(await fail([insert, table.claim('beside 39 digits')])).toMatchObject(refused);
    expect(await table.item('beside 39 digits')).toBeUndefined();
  });
});
