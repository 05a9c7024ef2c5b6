import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { codes, type FactsTable, factsTable, failureOf, n, s } from './facts-table.ts';

let table: FactsTable;
beforeAll(async () => {
  table = await factsTable();
});

const allOld = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
const fenced = (changes: string): string =>
  `UPDATE "${table.name}" ${changes} WHERE "id" = ? AND "owner" = ? AND "status" = 'INPROGRESS'`;

const complete = (id: string, owner: string) => ({
  Statement: fenced(
    `SET "status" = 'COMPLETED' SET "expiration" = ? SET "data" = ? REMOVE "in_progress_expiration" REMOVE "alone"`,
  ),
  Parameters: [n(2e9 + 1), { M: { charged: n(3) } }, s(id), s(owner)],
  ...allOld,
});
const renew = (id: string, owner: string) => ({
  Statement: fenced('SET "in_progress_expiration" = ?'),
  Parameters: [n(2e12), s(id), s(owner)],
  ...allOld,
});
const release = (id: string, owner: string) => ({
  Statement: fenced('SET "in_progress_expiration" = ? REMOVE "owner"'),
  Parameters: [n(0), s(id), s(owner)],
  ...allOld,
});
const giveBack = (id: string, owner: string) => ({
  Statement: fenced('SET "in_progress_expiration" = ? SET "attempts" = "attempts" - 1 REMOVE "owner"'),
  Parameters: [n(0), s(id), s(owner)],
  ...allOld,
});
const remove = (id: string, owner: string) => ({
  Statement: `DELETE FROM "${table.name}" WHERE "id" = ? AND "owner" = ? AND "status" = 'INPROGRESS'`,
  Parameters: [s(id), s(owner)],
  ...allOld,
});
const operations = { complete, renew, release, giveBack, remove };

describe('an update fenced by owner and INPROGRESS, in a batch', () => {
  it('succeeds for the owner, all kinds in one request', async () => {
    const owned = Object.keys(operations).map((name) => table.claim(name));
    await table.batch(owned);
    const statements = Object.entries(operations).map(([name, statement]) => statement(name, 'owner-1'));
    expect(codes(await table.batch(statements))).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);

    const completed = await table.item('complete');
    expect(completed).toMatchObject({ status: s('COMPLETED'), owner: s('owner-1'), data: { M: { charged: n(3) } } });
    expect(completed).not.toHaveProperty('in_progress_expiration');
    expect((await table.item('renew'))?.in_progress_expiration).toEqual(n(2e12));
    const released = await table.item('release');
    expect(released).toMatchObject({ status: s('INPROGRESS'), in_progress_expiration: n(0), attempts: n(1) });
    expect(released).not.toHaveProperty('owner');
    expect((await table.item('giveBack'))?.attempts).toEqual(n(0));
    expect(await table.item('remove')).toBeUndefined();
  });

  it.each(Object.entries(operations))('is refused to a stale owner, who sees the item: %s', async (name, statement) => {
    const id = `stale ${name}`;
    await table.batch([table.claim(id, 'successor')]);
    const before = await table.item(id);
    const [member] = await table.batch([statement(id, 'stalled')]);
    expect(member?.Error?.Code).toBe('ConditionalCheckFailed');
    expect(member?.Error?.Item).toEqual(before);
    expect(await table.item(id)).toEqual(before);
  });

  it.each(Object.entries(operations))(
    'is refused once the item is COMPLETED, even by the same owner: %s',
    async (name, statement) => {
      const id = `done ${name}`;
      await table.batch([table.claim(id)]);
      await table.batch([complete(id, 'owner-1')]);
      const before = await table.item(id);
      const [member] = await table.batch([statement(id, 'owner-1')]);
      expect(member?.Error).toMatchObject({ Code: 'ConditionalCheckFailed', Item: before });
      expect(await table.item(id)).toEqual(before);
    },
  );

  it('is refused for a missing item and creates none; only a DELETE of nothing succeeds', async () => {
    const members = await table.batch([complete('m1', 'o'), renew('m2', 'o'), release('m3', 'o'), remove('m4', 'o')]);
    expect(codes(members)).toEqual([
      'ConditionalCheckFailed',
      'ConditionalCheckFailed',
      'ConditionalCheckFailed',
      'ok',
    ]);
    expect(members.map((member) => member.Error?.Item)).toEqual([undefined, undefined, undefined, undefined]);
    expect(await table.item('m1')).toBeUndefined();
  });

  it('shows the item only if ALL_OLD is asked for, by member', async () => {
    await table.batch([table.claim('silent', 'other')]);
    const { Statement, Parameters } = renew('silent', 'o');
    const [member] = await table.batch([{ Statement, Parameters }]);
    expect(member?.Error?.Code).toBe('ConditionalCheckFailed');
    expect(member?.Error?.Item).toBeUndefined();
  });

  it('does not disturb its neighbours, nor does a result over 400 KB', async () => {
    await table.batch([table.claim('n1'), table.claim('n2'), table.claim('n3', 'other')]);
    const large = { ...complete('n1', 'owner-1'), Parameters: [n(1), s('x'.repeat(410_000)), s('n1'), s('owner-1')] };
    const members = await table.batch([large, complete('n2', 'owner-1'), complete('n3', 'owner-1')]);
    expect(codes(members)).toEqual(['ValidationError', 'ok', 'ConditionalCheckFailed']);
    expect((await table.item('n1'))?.status).toEqual(s('INPROGRESS'));
  });

  it('is refused to a stale owner as a single UpdateItem too', async () => {
    await table.batch([table.claim('single', 'successor')]);
    const update = table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: { id: s('single') },
        UpdateExpression: 'SET #status = :completed',
        ConditionExpression: '#owner = :owner AND #status = :inProgress',
        ExpressionAttributeNames: { '#owner': 'owner', '#status': 'status' },
        ExpressionAttributeValues: {
          ':owner': s('stalled'),
          ':inProgress': s('INPROGRESS'),
          ':completed': s('COMPLETED'),
        },
      }),
    );
    expect((await failureOf(update)).name).toBe('ConditionalCheckFailedException');
  });
});

describe('a takeover in a batch', () => {
  const takeOver = (id: string, nowSeconds: number, leaseOverBeforeMs: number) => ({
    Statement: `UPDATE "${table.name}" SET "owner" = ? SET "fence" = "fence" + 1 SET "attempts" = "attempts" + 1 SET "in_progress_expiration" = ?
      WHERE "id" = ? AND ("expiration" < ? OR ("status" = 'INPROGRESS' AND "in_progress_expiration" < ?))`,
    Parameters: [s('successor'), n(2e12), s(id), n(nowSeconds), n(leaseOverBeforeMs)],
    ...allOld,
  });

  it('takes what has expired or whose lease is over, and nothing else', async () => {
    await table.batch([table.claim('live'), table.claim('over'), table.claim('expired')]);
    const members = await table.batch([
      takeOver('live', 1, 1e12),
      takeOver('over', 1, 1e12 + 1),
      takeOver('expired', 2e9 + 1, 1),
      takeOver('missing', 2e9 + 1, 2e12),
    ]);
    expect(codes(members)).toEqual(['ConditionalCheckFailed', 'ok', 'ok', 'ConditionalCheckFailed']);
    expect(members[0]?.Error?.Item?.owner).toEqual(s('owner-1'));
    expect(await table.item('over')).toMatchObject({ owner: s('successor'), fence: n(2), attempts: n(2) });
  });

  it('cannot count up from an attribute that a Powertools item lacks', async () => {
    await table.put({ id: s('theirs'), status: s('INPROGRESS'), expiration: n(1), in_progress_expiration: n(1) });
    expect(codes(await table.batch([takeOver('theirs', 2e9, 2e12)]))).toEqual(['ValidationError']);
  });

  it('can set the counts from the item that was read, if nothing of it has changed since', async () => {
    const fromRead = (owner: string) => ({
      Statement: `UPDATE "${table.name}" SET "owner" = ? SET "fence" = ? SET "attempts" = ?
        WHERE "id" = ? AND "status" = ? AND "expiration" = ? AND "in_progress_expiration" = ? AND "owner" IS MISSING AND "fence" IS MISSING`,
      Parameters: [s(owner), n(1), n(1), s('read'), s('INPROGRESS'), n(1), n(1)],
      ...allOld,
    });
    await table.put({ id: s('read'), status: s('INPROGRESS'), expiration: n(1), in_progress_expiration: n(1) });
    expect(codes(await table.batch([fromRead('first')]))).toEqual(['ok']);
    const [second] = await table.batch([fromRead('second')]);
    expect(second?.Error).toMatchObject({ Code: 'ConditionalCheckFailed', Item: { owner: s('first') } });
  });
});

describe('the words of a statement', () => {
  it('are one REMOVE an attribute: commas are taken after SET only', async () => {
    await table.batch([table.claim('commas')]);
    const set = { Statement: `UPDATE "${table.name}" SET "fence" = 2, "attempts" = 2 WHERE "id" = 'commas'` };
    const remove = { Statement: `UPDATE "${table.name}" REMOVE "owner", "source" WHERE "id" = 'commas'` };
    expect(codes(await table.batch([set]))).toEqual(['ok']);
    expect(codes(await table.batch([remove]))).toEqual(['ValidationError']);
  });

  it('can return the item in a batch, beside other statements', async () => {
    await table.batch([table.claim('returned')]);
    const Statement = `UPDATE "${table.name}" SET "fence" = "fence" + 1 WHERE "id" = 'returned' RETURNING ALL NEW *`;
    const [update, insert] = await table.batch([{ Statement }, table.claim('beside returned')]);
    expect(update?.Item).toMatchObject({ fence: n(2), owner: s('owner-1') });
    expect(insert?.Error).toBeUndefined();
  });

  it('need the whole key in WHERE', async () => {
    const Statement = `UPDATE "${table.name}" SET "fence" = 2 WHERE "owner" = 'owner-1'`;
    expect(codes(await table.batch([{ Statement }]))).toEqual(['ValidationError']);
  });

  it.each([
    [`"alone" IS MISSING`, 'ok'],
    [`"owner" IS MISSING`, 'ConditionalCheckFailed'],
    [`"owner" IS NOT MISSING`, 'ok'],
    [`"alone" IS NULL`, 'ConditionalCheckFailed'],
    [`NOT ("owner" = 'other')`, 'ok'],
    [`"status" <> 'COMPLETED'`, 'ok'],
    [`"owner" IN ['a', 'owner-1']`, 'ok'],
    [`owner = 'owner-1' AND status = 'INPROGRESS' AND source = 'orders-3@17'`, 'ok'],
  ])('know the condition %s', async (condition, code) => {
    await table.batch([table.claim('conditions')]);
    const Statement = `UPDATE "${table.name}" SET "seen" = 1 WHERE "id" = 'conditions' AND ${condition}`;
    expect(codes(await table.batch([{ Statement }]))).toEqual([code]);
  });
});
