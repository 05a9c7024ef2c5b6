import { once } from 'node:events';
import { createServer } from 'node:net';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/dynamodb-store.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { type LossyProxy, lossyProxy } from '../support/lossy-proxy.ts';
import { call, claimOf, completionOf, freshKey, markerAt, markerOf } from './idempotency-store.contract.ts';

const failedUnavailable = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };

describe('dynamoDbStore over a connection that loses answers', () => {
  const direct = dynamodbClient();
  let tableName = '';
  let proxy: LossyProxy;
  let client = direct;
  let directStore: IdempotencyStore;

  const storeWith = (config: DynamoDBClientConfig): IdempotencyStore => {
    client = dynamodbClient({ endpoint: proxy.url, ...config });
    return dynamoDbStore({ tableName, client });
  };

  beforeAll(async () => {
    tableName = await freshTable();
    directStore = dynamoDbStore({ tableName, client: direct });
  });
  afterAll(() => direct.destroy());
  beforeEach(async () => {
    proxy = await lossyProxy(inject('dynamodbEndpoint'));
  });
  afterEach(async () => {
    client.destroy();
    await proxy[Symbol.asyncDispose]();
  });

  it('meets its own claim again when the SDK repeated the request', async () => {
    const store = storeWith({ maxAttempts: 3 });
    proxy.decide = (_, index) => (index === 0 ? 'cutAfter' : 'pass');
    const claims = [claimOf(freshKey()), claimOf(freshKey())];
    expect(await store.insert(claims, call)).toEqual(
      claims.map((claim) => ({ kind: 'existing', marker: markerOf(claim) })),
    );
    expect(proxy.seen.map((request) => request.operation)).toEqual([
      'BatchExecuteStatement',
      'BatchExecuteStatement',
      'BatchGetItem',
    ]);
  });

  it('meets its own takeover again when the SDK repeated the request', async () => {
    const store = storeWith({ maxAttempts: 3 });
    const claim = claimOf(freshKey());
    await directStore.insert([claim], call);
    proxy.decide = (_, index) => (index === 0 ? 'cutAfter' : 'pass');
    const next = claimOf(claim.idempotencyKey, { owner: 'owner-b', fence: 2 });
    expect(await store.takeOver([{ ...next, seen: markerOf(claim) }], call)).toEqual([
      { kind: 'existing', marker: markerOf(next) },
    ]);
  });

  it('meets its own completion again when the SDK repeated the request', async () => {
    const store = storeWith({ maxAttempts: 3 });
    const claim = claimOf(freshKey());
    await directStore.insert([claim], call);
    proxy.decide = (_, index) => (index === 0 ? 'cutAfter' : 'pass');
    expect(await store.complete([completionOf(claim.idempotencyKey, { result: 'receipt' })], call)).toMatchObject([
      { kind: 'refused', marker: { status: 'COMPLETED', owner: 'owner-a', result: 'receipt' } },
    ]);
  });

  it('erases once, however often the SDK repeats the request', async () => {
    const store = storeWith({ maxAttempts: 3 });
    const claim = claimOf(freshKey());
    await directStore.insert([claim], call);
    proxy.decide = (_, index) => (index === 0 ? 'cutAfter' : 'pass');
    const erase = { idempotencyKey: claim.idempotencyKey, owner: 'owner-a', to: 'erase' } as const;
    expect(await store.release([erase], call)).toEqual([{ kind: 'released' }]);
  });

  it('fails as unavailable when the answers stay away, and is safe to repeat', async () => {
    const store = storeWith({ maxAttempts: 2 });
    const claim = claimOf(freshKey());
    proxy.decide = () => 'cutAfter';
    expect(await store.insert([claim], call)).toMatchObject([failedUnavailable]);
    expect(await markerAt(directStore, claim.idempotencyKey)).toEqual(markerOf(claim));
    proxy.decide = undefined;
    expect(await store.insert([claim], call)).toEqual([{ kind: 'existing', marker: markerOf(claim) }]);

    proxy.decide = () => 'cutAfter';
    expect(await store.complete([completionOf(claim.idempotencyKey)], call)).toMatchObject([failedUnavailable]);
    proxy.decide = undefined;
    expect(await store.complete([completionOf(claim.idempotencyKey)], call)).toMatchObject([
      { kind: 'refused', marker: { status: 'COMPLETED', owner: 'owner-a' } },
    ]);
  });

  it('fails the items of one request only when one of several is lost', async () => {
    const store = storeWith({ maxAttempts: 1 });
    proxy.decide = (request) =>
      JSON.stringify(request.body).includes(claims[30]?.idempotencyKey ?? '') ? 'cutBefore' : 'pass';
    const claims = Array.from({ length: 75 }, () => claimOf(freshKey()));
    const results = await store.insert(claims, call);
    expect(results.map((result) => result.kind)).toEqual([
      ...Array.from({ length: 25 }, () => 'claimed'),
      ...Array.from({ length: 25 }, () => 'failed'),
      ...Array.from({ length: 25 }, () => 'claimed'),
    ]);
    expect(results[30]).toMatchObject(failedUnavailable);
  });

  it('fails a refused write as unavailable when what stands there cannot be read', async () => {
    const store = storeWith({ maxAttempts: 1 });
    const claim = claimOf(freshKey());
    await directStore.insert([claim], call);
    proxy.decide = (request) => (request.operation === 'BatchGetItem' ? 'cutBefore' : 'pass');
    expect(await store.insert([{ ...claim, owner: 'owner-b' }], call)).toMatchObject([failedUnavailable]);
  });

  it('gives up a server that accepts and never answers', async () => {
    const store = storeWith({ maxAttempts: 2, requestHandler: { requestTimeout: 30, throwOnRequestTimeout: true } });
    proxy.decide = () => 'never';
    const [result] = await store.insert([claimOf(freshKey())], call);
    expect(result).toMatchObject(failedUnavailable);
    expect(result?.kind === 'failed' && result.error.message).toBe(
      `DynamoDB table "${tableName}": insert failed: TimeoutError.`,
    );
    expect(proxy.seen).toHaveLength(2);
  });

  it('ends with its signal while the server is silent', async () => {
    const store = storeWith({});
    const abort = new AbortController();
    proxy.decide = () => {
      abort.abort('no time left');
      return 'never';
    };
    const claims = Array.from({ length: 200 }, () => claimOf(freshKey()));
    const results = await store.insert(claims, { signal: abort.signal });
    expect(results).toHaveLength(200);
    for (const result of results) {
      expect(result).toMatchObject(failedUnavailable);
    }
    expect(proxy.seen.length).toBeLessThanOrEqual(4);
  });

  it('ends with its signal also while credentials are waited for', async () => {
    const abort = new AbortController();
    const store = storeWith({
      credentials: () => {
        queueMicrotask(() => abort.abort());
        return new Promise(() => undefined);
      },
    });
    expect(await store.insert([claimOf(freshKey())], { signal: abort.signal })).toMatchObject([failedUnavailable]);
    expect(proxy.seen).toEqual([]);
  });

  it('fails as unavailable where nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    server.close();
    await once(server, 'close');
    const store = storeWith({ endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1 });
    expect(await store.read([freshKey()], call)).toMatchObject([
      { kind: 'failed', error: { kind: 'unavailable', message: expect.stringContaining('ECONNREFUSED') } },
    ]);
  });
});
