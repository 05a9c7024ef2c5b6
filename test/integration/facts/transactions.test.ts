import { beforeAll, describe, expect, it } from 'vitest';
import { failureOf, n, s } from './facts-table.ts';
import { type FactsTransactions, factsTransactions, numbered } from './facts-transactions.ts';

let tx: FactsTransactions;
beforeAll(async () => {
  tx = await factsTransactions();
});

const text = (length: number) => s('x'.repeat(length));
const cancelled = { name: 'TransactionCanceledException', status: 400, attempts: 1 };
const invalid = { name: 'ValidationException', status: 400, attempts: 1, codes: undefined };

describe('TransactWriteItems', () => {
  it('carries out 100 actions on 100 items, of several kinds', async () => {
    const ids = numbered('all', 100);
    await tx.table.put({ id: s('all99') });
    await tx.transact([
      ...ids.slice(0, 98).map((id) => tx.marker(id)),
      tx.add('all98'),
      { Delete: { TableName: tx.table.name, Key: { id: s('all99') } } },
    ]);
    expect(new Set(await tx.present(ids))).toEqual(new Set(ids.slice(0, 99)));
  });

  it('refuses 101 actions and none at all, with ValidationException', async () => {
    expect(await tx.refusal(numbered('over', 101).map((id) => tx.put(id)))).toMatchObject(invalid);
    expect(await tx.present(numbered('over', 100))).toEqual([]);
    expect(await tx.refusal([])).toMatchObject(invalid);
  });

  it('refuses an item that two actions name, before anything is written', async () => {
    const remove = { Delete: { TableName: tx.table.name, Key: { id: s('twice') } } };
    const check = { TableName: tx.table.name, Key: { id: s('twice') }, ConditionExpression: 'attribute_exists(id)' };
    for (const second of [tx.put('twice'), tx.add('twice'), remove, { ConditionCheck: check }]) {
      expect(await tx.refusal([tx.marker('beside twice'), tx.put('twice'), second])).toMatchObject({
        ...invalid,
        message: 'Transaction request cannot include multiple operations on one item',
      });
    }
    expect(await tx.present(['beside twice', 'twice'])).toEqual([]);
  });

  it('tells of an item named twice as of a refused condition, and shows as old what was never written', async () => {
    const refusal = await tx.refusal([tx.marker('both', { owner: s('ours') }), tx.marker('both')]);
    expect(refusal).toMatchObject(cancelled);
    expect(refusal.codes).toEqual(['None', 'ConditionalCheckFailed']);
    expect(refusal.items?.[1]).toEqual({ id: s('both'), owner: s('ours') });
    expect(await tx.present(['both'])).toEqual([]);
  });

  it('lists why it was cancelled action by action, with the item where that was asked for, and writes nothing', async () => {
    await tx.table.put({ id: s('done'), status: s('COMPLETED') });
    await tx.table.put({ id: s('account'), version: n(7) });
    const refusal = await tx.refusal([
      tx.marker('new'),
      tx.marker('done'),
      tx.put('effect'),
      tx.update('account', 'SET version = :next', { ':next': n(6), ':seen': n(5) }, 'version = :seen'),
      tx.update('no account', 'SET version = :next', { ':next': n(6) }, 'attribute_exists(id)'),
    ]);
    expect(refusal).toMatchObject(cancelled);
    expect(refusal.codes).toEqual([
      'None',
      'ConditionalCheckFailed',
      'None',
      'ConditionalCheckFailed',
      'ConditionalCheckFailed',
    ]);
    expect(refusal.items).toEqual([
      undefined,
      { id: s('done'), status: s('COMPLETED') },
      undefined,
      { id: s('account'), version: n(7) },
      undefined,
    ]);
    expect(await tx.present(['new', 'effect', 'no account'])).toEqual([]);
    expect(await tx.table.item('account')).toEqual({ id: s('account'), version: n(7) });
  });
});

describe('an effect that a redelivered record cannot carry out again', () => {
  beforeAll(async () => {
    await tx.transact([tx.marker('moved once'), tx.put('order', { list: { L: [] }, note: s('x') })]);
  });

  it('is refused beside its marker: both are named, so the marker tells', async () => {
    const move = tx.update('order', 'SET note = :to', { ':to': s('paid'), ':from': s('placed') }, 'note = :from');
    const refusal = await tx.refusal([tx.marker('moved once'), move]);
    expect(refusal.codes).toEqual(['ConditionalCheckFailed', 'ConditionalCheckFailed']);
    expect(refusal.items?.[0]).toEqual({ id: s('moved once') });
  });

  it.each([
    ['reads an attribute that is gone', 'SET total = total + :v', { ':v': n(1) }],
    ['appends to a list that is gone', 'SET lines = list_append(lines, :v)', { ':v': { L: [] } }],
    ['writes into a map that is gone', 'SET address.city = :v', { ':v': s('x') }],
    ['adds to what is no number', 'ADD note :v', { ':v': n(1) }],
  ])('hides the marker from a ValidationException of the whole request: it %s', async (_what, expression, values) => {
    const refusal = await tx.refusal([tx.marker('moved once'), tx.update('order', expression, values)]);
    expect(refusal).toMatchObject(invalid);
  });
});

describe('what does not fit', () => {
  beforeAll(() => tx.table.put({ id: s('large'), data: text(390_000) }));

  it.each([
    ['a put over 400 KB', () => tx.put('x', { data: text(410_000) })],
    ['an update with a value over 400 KB', () => tx.update('x', 'SET #d = :d', { ':d': text(410_000) })],
    ['an expression over 4 KB', () => tx.update('x', `SET ${'a'.repeat(5_000)} = :v`, { ':v': n(1) })],
    [
      'a condition of over 300 operators',
      () => tx.update('x', 'SET a = :v', { ':v': n(1) }, numbered('a', 302).join(' <> :v OR ').concat(' <> :v')),
    ],
    ['an expression that is none', () => tx.update('x', 'SET a =', { ':v': n(1) })],
    ['a value that no expression names', () => tx.update('x', 'SET a = :v', { ':v': n(1), ':w': n(1) })],
    ['an empty key', () => tx.put('')],
    ['a number of 39 digits', () => tx.put('x', { amount: n('1'.repeat(39)) })],
    ['an action of two kinds', () => ({ ...tx.put('x'), Delete: { TableName: tx.table.name, Key: { id: s('y') } } })],
  ])('is refused with ValidationException before anything is written: %s', async (what, action) => {
    const beside = `beside ${what}`;
    expect(await tx.refusal([tx.marker(beside), action()])).toMatchObject(invalid);
    expect(await tx.present([beside])).toEqual([]);
  });

  it('is the reason of a cancellation where only the stored item shows it: an update that grows over 400 KB', async () => {
    const grow = tx.update('large', 'SET more = :d', { ':d': text(30_000) });
    const refusal = await tx.refusal([tx.marker('beside grown'), grow, tx.put('beside grown 2')]);
    expect(refusal).toMatchObject(cancelled);
    expect(refusal.codes).toEqual(['None', 'ValidationError', 'None']);
    expect(await tx.present(['beside grown', 'beside grown 2'])).toEqual([]);
  });

  it('may be told by a list of reasons that is shorter than the list of actions', async () => {
    const ofTheKey = tx.update('x', 'SET id = :v', { ':v': s('y') });
    const refusal = await tx.refusal([tx.marker('beside key'), ofTheKey, tx.put('beside key 2')]);
    expect(refusal).toMatchObject(cancelled);
    expect(refusal.codes).toEqual(['ValidationError']);
    expect(await tx.present(['beside key', 'beside key 2'])).toEqual([]);
  });

  it('is over 4 MB in sum: what is sent counts, not what the items hold already', async () => {
    const data = text(390_000);
    await tx.transact(numbered('fits', 10).map((id) => tx.put(id, { data })));
    await tx.transact(
      numbered('fits', 10)
        .concat('large')
        .map((id) => tx.add(id)),
    );
    for (const actions of [
      numbered('heavy', 11).map((id) => tx.put(id, { data })),
      numbered('heavy', 11).map((id) => tx.update(id, 'SET more = :d', { ':d': data })),
    ]) {
      const refusal = await tx.refusal(actions);
      expect(refusal).toMatchObject(invalid);
      expect(refusal.message).toContain('4MB');
    }
    expect(await tx.present(numbered('heavy', 11))).toEqual([]);
  });

  it('is over 16 MB: 413 without a name or a message of its own', async () => {
    const refusal = await tx.refusal(numbered('huge', 50).map((id) => tx.put(id, { data: text(390_000) })));
    expect(refusal).toMatchObject({ name: 'Unknown', status: 413, attempts: 1 });
    expect(await tx.present(numbered('huge', 50))).toEqual([]);
  });

  it('names a table that is missing: ResourceNotFoundException, and no word which of the actions it was', async () => {
    const elsewhere = { Put: { TableName: 'no-such-table', Item: { id: s('x') } } };
    const failure = await failureOf(tx.transact([tx.marker('beside missing'), elsewhere]));
    expect(failure).toMatchObject({ name: 'ResourceNotFoundException', status: 400, attempts: 1 });
    expect(await tx.present(['beside missing'])).toEqual([]);
  });
});
