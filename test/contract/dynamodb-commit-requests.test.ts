import { randomUUID } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/commit-store.ts';
import type { CommitStore } from '../../lib/ports/commit-store.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { type LossyProxy, lossyProxy } from '../support/lossy-proxy.ts';
import {
  type CommitStoreUnderTest,
  commitOf,
  markerOfMark,
  markerWith,
  markOf,
  moveOf,
  orderKey,
  positionAt,
  positioned,
  positionNow,
  put,
  update,
} from './commit-store.support.ts';
import { commitTables } from './dynamodb-commit-support.ts';
import { call, claimOf, freshKey, markerAt } from './idempotency-store.contract.ts';

const unavailable = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };
const committed = { kind: 'committed' };

describe('commits of dynamoDbStore at the socket', () => {
  const direct = dynamodbClient();
  let tables: CommitStoreUnderTest & { readonly tableName: string };
  let proxy: LossyProxy;
  let client = direct;
  let store: CommitStore;
  const storeOf = (maxAttempts: number): CommitStore => {
    client = dynamodbClient({ endpoint: proxy.url, maxAttempts });
    return dynamoDbStore({ tableName: tables.tableName, client });
  };
  beforeAll(async () => {
    tables = await commitTables(direct);
  });
  afterAll(() => direct.destroy());
  beforeEach(async () => {
    proxy = await lossyProxy(inject('dynamodbEndpoint'));
    store = storeOf(3);
  });
  afterEach(async () => {
    client.destroy();
    await proxy[Symbol.asyncDispose]();
  });

  /** A commit that shows when it was carried out twice: its effect counts. */
  function counting() {
    const [mark, positionKey, key] = [markOf(freshKey()), freshKey(), orderKey()];
    const commit = commitOf({
      marks: [mark],
      positions: [moveOf(positionKey, undefined, positionAt(1))],
      effects: [update(tables.orders, key, 'ADD amount :one', { values: { ':one': { N: '1' } } })],
    });
    const expectOnce = async () => {
      expect(await markerAt(tables.store, mark.idempotencyKey)).toEqual(markerOfMark(mark));
      expect(await positionNow(tables.store, positionKey)).toEqual(positionAt(1));
      expect(await tables.getItem(tables.orders, key)).toEqual({ ...key, amount: { N: '1' } });
    };
    const expectNothing = async () => {
      expect(await markerAt(tables.store, mark.idempotencyKey)).toBeUndefined();
      expect(await positionNow(tables.store, positionKey)).toBeUndefined();
      expect(await tables.getItem(tables.orders, key)).toBeUndefined();
    };
    return { commit, expectOnce, expectNothing };
  }

  it('take one request for 100 writes', async () => {
    const marks = Array.from({ length: 50 }, () => markOf(freshKey()));
    const effects = Array.from({ length: 50 }, () => put(tables.orders, orderKey()));
    expect(await store.commit(commitOf({ marks, effects }), call)).toEqual(committed);
    expect(proxy.seen.map(({ operation }) => operation)).toEqual(['TransactWriteItems']);
  });

  it('take none for no write, for 101, for a result that has no form, and after an abort', async () => {
    await store.commit(commitOf({}), call);
    await store.commit(commitOf({ marks: Array.from({ length: 101 }, () => markOf(freshKey())) }), call);
    await store.commit(commitOf({ marks: [markOf(freshKey(), { result: () => 1 })] }), call);
    await store.commit(counting().commit, { signal: AbortSignal.abort() });
    await store.setMarks([], call);
    await store.setMarks([markOf(freshKey(), { result: () => 1 })], call);
    await store.readPositions([], call);
    expect(proxy.seen).toEqual([]);
  });

  it('are not repeated by the SDK when they are cancelled', async () => {
    const { commit } = counting();
    expect(await store.commit(commit, call)).toEqual(committed);
    expect(await store.commit({ ...commit, token: randomUUID() }, call)).toEqual({
      kind: 'cancelled',
      reasons: ['conditionFailed', 'conditionFailed', 'none'],
    });
    expect(proxy.seen).toHaveLength(2);
  });

  it('take 20 for 500 marks on their own, 5 more where they are refused without a word, and 5 for 500 positions', async () => {
    const marks = Array.from({ length: 500 }, () => markOf(freshKey()));
    expect(new Set((await store.setMarks(marks, call)).map(({ kind }) => kind))).toEqual(new Set(['marked']));
    expect(proxy.seen.map(({ operation }) => operation)).toEqual(Array(20).fill('BatchExecuteStatement'));
    expect(new Set((await store.setMarks(marks, call)).map(({ kind }) => kind))).toEqual(new Set(['existing']));
    expect(proxy.seen).toHaveLength(45);
    await store.readPositions(
      Array.from({ length: 500 }, () => freshKey()),
      call,
    );
    expect(proxy.seen.slice(45).map(({ operation }) => operation)).toEqual(Array(5).fill('BatchGetItem'));
  });

  it('take 20 for 500 marks over markers that were seen, refused or not', async () => {
    const seen = markerWith();
    const marks = Array.from({ length: 500 }, () => markOf(freshKey(), { seen }));
    const there = dynamoDbStore({ tableName: tables.tableName, client: direct });
    await there.insert(
      marks.map(({ idempotencyKey }) => claimOf(idempotencyKey)),
      call,
    );
    expect(new Set((await store.setMarks(marks, call)).map(({ kind }) => kind))).toEqual(new Set(['existing']));
    expect(proxy.seen).toHaveLength(20);
  });

  it('are carried out once when the SDK repeats one whose answer was lost', async () => {
    const { commit, expectOnce } = counting();
    proxy.decide = (_, index) => (index < 2 ? 'cutAfter' : 'pass');
    expect(await store.commit(commit, call)).toEqual(committed);
    expect(proxy.seen).toHaveLength(3);
    await expectOnce();
  });

  it.each(['cutAfter', 'cutBefore'] as const)('fail as unknown and are settled by the same token: %s', async (fate) => {
    const { commit, expectOnce, expectNothing } = counting();
    store = storeOf(1);
    proxy.decide = () => fate;
    expect(await store.commit(commit, call)).toMatchObject(unavailable);
    await (fate === 'cutAfter' ? expectOnce() : expectNothing());
    proxy.decide = undefined;
    expect(await store.commit(commit, call)).toEqual(committed);
    expect(await store.commit(commit, call)).toEqual(committed);
    await expectOnce();
  });

  it('can be settled by another store after the first was aborted in flight', async () => {
    const { commit, expectOnce } = counting();
    const abort = new AbortController();
    proxy.decide = () => {
      queueMicrotask(() => abort.abort('no time left'));
      return 'cutAfter';
    };
    expect(await store.commit(commit, { signal: abort.signal })).toMatchObject(unavailable);
    expect(await tables.store.commit(commit, call)).toEqual(committed);
    await expectOnce();
  });

  it('find their own mark when the answer to one on its own was lost', async () => {
    const mark = markOf(freshKey());
    proxy.decide = (_, index) => (index === 0 ? 'cutAfter' : 'pass');
    expect(await store.setMarks([mark], call)).toEqual([{ kind: 'existing', marker: markerOfMark(mark) }]);
  });

  it('leave a position that is no marker to anybody, and that never expires', async () => {
    const key = freshKey();
    await positioned(tables.store, key, positionAt(7));
    const { Item } = await direct.send(
      new GetItemCommand({ TableName: tables.tableName, Key: { id: { S: key } }, ConsistentRead: true }),
    );
    expect(Item).toEqual({
      id: { S: key },
      next_offset: { N: '7' },
      highest_timestamp: { N: '1790000000000' },
      generation: { N: '0' },
      source: { S: 'orders-3' },
    });
    expect(await tables.store.read([key], call)).toMatchObject([unavailable]);
    expect(await tables.store.insert([claimOf(key)], call)).toMatchObject([unavailable]);
    expect(await positionNow(tables.store, key)).toEqual(positionAt(7));
  });

  it('work on a table whose attributes have other names', async () => {
    const tableName = await freshTable('the.key');
    const names = { key: 'the.key', status: 'state', expiration: 'ttl', inProgressExpiration: 'locked.until' };
    const named = dynamoDbStore({
      tableName,
      client: direct,
      attributeNames: { ...names, data: 'result', validation: 'hash' },
    });
    expect(named.tableName).toBe(tableName);
    const claim = claimOf(freshKey());
    await named.insert([claim], call);
    const seen = await markerAt(named, claim.idempotencyKey);
    const mark = markOf(claim.idempotencyKey, { seen, result: 'receipt' });
    const positionKey = freshKey();
    const positions = [moveOf(positionKey, undefined, positionAt(1))];
    expect(await named.commit(commitOf({ marks: [mark, markOf(freshKey())], positions }), call)).toEqual(committed);
    expect(await markerAt(named, claim.idempotencyKey)).toEqual(markerOfMark(mark));
    expect(await named.setMarks([{ ...mark, seen: markerOfMark(mark) }], call)).toEqual([{ kind: 'marked' }]);
    expect(await positionNow(named, positionKey)).toEqual(positionAt(1));
  });
});

it('no attribute of a marker may have the name of one of a position', () => {
  expect(() => dynamoDbStore({ tableName: 'markers', attributeNames: { status: 'next_offset' } })).toThrow(
    '"next_offset" is the name of two attributes',
  );
});
