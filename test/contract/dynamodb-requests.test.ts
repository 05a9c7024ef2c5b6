import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/dynamodb-store.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { type LossyProxy, lossyProxy } from '../support/lossy-proxy.ts';
import { call, claimOf, completionOf, freshKey, markerOf } from './idempotency-store.contract.ts';

describe('requests of dynamoDbStore', () => {
  const direct = dynamodbClient();
  let tableName = '';
  let proxy: LossyProxy;
  let store: IdempotencyStore;
  let client = direct;
  beforeAll(async () => {
    tableName = await freshTable();
  });
  afterAll(() => direct.destroy());
  beforeEach(async () => {
    proxy = await lossyProxy(inject('dynamodbEndpoint'));
    client = dynamodbClient({ endpoint: proxy.url });
    store = dynamoDbStore({ tableName, client });
  });
  afterEach(async () => {
    client.destroy();
    await proxy[Symbol.asyncDispose]();
  });

  const operations = () => Object.groupBy(proxy.seen, (request) => request.operation);
  const claims500 = () => Array.from({ length: 500 }, () => claimOf(freshKey()));

  it('takes 20 for 500 claims and 20 for their completions', async () => {
    const claims = claims500();
    await store.insert(claims, call);
    expect(proxy.seen).toHaveLength(20);
    const results = await store.complete(
      claims.map((claim) => completionOf(claim.idempotencyKey)),
      call,
    );
    expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['completed']));
    expect(proxy.seen).toHaveLength(40);
    expect(operations().BatchExecuteStatement).toHaveLength(40);
  });

  it('takes 25 for 500 duplicates, which are read 100 at a time', async () => {
    const claims = claims500();
    await dynamoDbStore({ tableName, client: direct }).insert(claims, call);
    const results = await store.insert(
      claims.map((claim) => ({ ...claim, owner: 'owner-b' })),
      call,
    );
    expect(results).toEqual(claims.map((claim) => ({ kind: 'existing', marker: markerOf(claim) })));
    expect(operations().BatchExecuteStatement).toHaveLength(20);
    expect(operations().BatchGetItem).toHaveLength(5);
  });

  it('takes 20 for 500 of each of takeovers, renewals and releases, and of completions that are refused', async () => {
    const claims = claims500();
    await dynamoDbStore({ tableName, client: direct }).insert(claims, call);
    await store.takeOver(
      claims.map((claim) => ({ ...claim, owner: 'owner-b', fence: 2, seen: markerOf(claim) })),
      call,
    );
    expect(proxy.seen).toHaveLength(20);
    await store.renew(
      claims.map((claim) => ({ ...claim, owner: 'owner-b' })),
      call,
    );
    expect(proxy.seen).toHaveLength(40);
    const refused = await store.complete(
      claims.map((claim) => completionOf(claim.idempotencyKey)),
      call,
    );
    expect(new Set(refused.map((result) => result.kind))).toEqual(new Set(['refused']));
    expect(proxy.seen).toHaveLength(60);
    await store.release(
      claims.map((claim) => ({ idempotencyKey: claim.idempotencyKey, owner: 'owner-b', to: 'erase' })),
      call,
    );
    expect(proxy.seen).toHaveLength(80);
    expect(operations().BatchExecuteStatement).toHaveLength(80);
  });

  it('takes 20 for 500 that are marked, and 5 for 500 that are read', async () => {
    const claims = claims500();
    await store.markCompleted(claims, call);
    expect(operations().BatchWriteItem).toHaveLength(20);
    await store.read(
      claims.map((claim) => claim.idempotencyKey),
      call,
    );
    expect(operations().BatchGetItem).toHaveLength(5);
    expect(proxy.seen).toHaveLength(25);
  });

  it('takes none for nothing', async () => {
    await store.insert([], call);
    await store.complete([], call);
    await store.read([], call);
    await store.markCompleted([], call);
    expect(proxy.seen).toEqual([]);
  });

  it.each([1, 4, 7])('has at most %i under way at a time', async (requestsInFlight) => {
    const bounded = dynamoDbStore({ tableName, client, requestsInFlight });
    await bounded.insert(claims500(), call);
    expect(proxy.seen).toHaveLength(20);
    expect(proxy.mostInFlight).toBeLessThanOrEqual(requestsInFlight);
  });

  it.each([undefined, 1, 7])('has so many under way at a time (requestsInFlight %s)', async (requestsInFlight) => {
    const expected = requestsInFlight ?? 4;
    const waiting = dynamoDbStore({ tableName, client, ...(requestsInFlight && { requestsInFlight }) });
    const abort = new AbortController();
    proxy.decide = (_request, index) => {
      // None is answered, so that nothing more can be sent than what may be under way.
      if (index === expected - 1) abort.abort();
      return 'never';
    };
    const results = await waiting.insert(claims500(), { signal: abort.signal });
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['failed']));
    expect(proxy.mostInFlight).toBe(expected);
  });

  it('never names a key twice in a request', async () => {
    const claims = claims500();
    await store.insert(claims, call);
    for (const { body } of proxy.seen) {
      expect(body).toHaveProperty('Statements');
      const text = JSON.stringify(body);
      const named = claims.filter((claim) => text.includes(claim.idempotencyKey));
      expect(named).toHaveLength(25);
    }
  });
});
