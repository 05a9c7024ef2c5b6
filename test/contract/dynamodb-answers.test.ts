import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/dynamodb-store.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';
import { FakeClock } from '../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { type Fate, type LossyProxy, lossyProxy } from '../support/lossy-proxy.ts';
import { call, claimOf, completionOf, freshKey, markerOf } from './idempotency-store.contract.ts';

// Answers that DynamoDB Local never gives, in a server's place.

const unavailable = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };
const tableName = 'orders';

function ok(body: unknown): Fate {
  return { status: 200, body };
}

function refusal(name: string, status = 400): Fate {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'the card 4111 is bad' } };
}

function itemOf(id: string, more: object = {}) {
  return { id: { S: id }, status: { S: 'COMPLETED' }, expiration: { N: '9' }, ...more };
}

describe('dynamoDbStore and the answers it gets', () => {
  let proxy: LossyProxy;
  let client = dynamodbClient();
  let store: IdempotencyStore;
  const clock = new FakeClock();
  beforeEach(async () => {
    proxy = await lossyProxy();
    client = dynamodbClient({ endpoint: proxy.url, maxAttempts: 1 });
    store = dynamoDbStore({ tableName, client, clock, randomness: new SeededRandomness(1) });
  });
  afterEach(async () => {
    client.destroy();
    await proxy[Symbol.asyncDispose]();
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['ProvisionedThroughputExceededException', 400, 'unavailable'],
    ['ThrottlingException', 400, 'unavailable'],
    ['RequestLimitExceeded', 400, 'unavailable'],
    ['ReplicatedWriteConflictException', 400, 'unavailable'],
    ['InternalServerError', 500, 'unavailable'],
    ['ServiceUnavailable', 503, 'unavailable'],
    ['SomethingUnheardOf', 400, 'unavailable'],
    ['AccessDeniedException', 400, 'configuration'],
    ['ResourceNotFoundException', 400, 'configuration'],
    ['UnrecognizedClientException', 400, 'configuration'],
    ['InvalidSignatureException', 400, 'configuration'],
    ['ExpiredTokenException', 400, 'configuration'],
    ['MissingAuthenticationTokenException', 400, 'configuration'],
    ['SomethingForbidden', 403, 'configuration'],
    ['ValidationException', 400, 'unstorable'],
    ['SomethingTooLarge', 413, 'unstorable'],
  ])('takes %s (%i) for %s', async (name, status, kind) => {
    proxy.decide = () => refusal(name, status);
    for (const [result] of [
      await store.insert([claimOf('a')], call),
      await store.complete([completionOf('a')], call),
      await store.read(['a'], call),
      await store.markCompleted([claimOf('a')], call),
    ]) {
      expect(result).toMatchObject({ kind: 'failed', error: { name: 'StoreError', kind } });
      const message = result?.kind === 'failed' ? result.error.message : '';
      expect(message).toContain(name);
      expect(message).toContain('"orders"');
      expect(message).not.toContain('4111');
    }
    expect(proxy.seen).toHaveLength(4);
  });

  it.each([
    ['InternalServerError', 'unavailable'],
    ['ProvisionedThroughputExceeded', 'unavailable'],
    ['ThrottlingError', 'unavailable'],
    ['RequestLimitExceeded', 'unavailable'],
    ['TransactionConflict', 'unavailable'],
    ['SomethingUnheardOf', 'unavailable'],
    ['AccessDenied', 'configuration'],
    ['ResourceNotFound', 'configuration'],
    ['ItemCollectionSizeLimitExceeded', 'unstorable'],
    ['ValidationError', 'unstorable'],
  ])('takes %s of a member for %s, of that member alone', async (Code, kind) => {
    proxy.decide = () => ok({ Responses: [{}, { Error: { Code, Message: 'the card 4111 is bad' } }, {}] });
    const results = await store.insert([claimOf('a'), claimOf('b'), claimOf('c')], call);
    expect(results).toMatchObject([{ kind: 'claimed' }, { kind: 'failed', error: { kind } }, { kind: 'claimed' }]);
    expect(results[1]?.kind === 'failed' && results[1].error.message).not.toContain('4111');
  });

  it.each([
    ['an empty object', {}],
    ['no responses', { Responses: [] }],
    ['too few responses', { Responses: [{}] }],
    ['too many responses', { Responses: [{}, {}, {}] }],
    ['an error without a code', { Responses: [{ Error: {} }, { Error: {} }] }],
    ['half an answer', '{"Responses":[{},{'],
    ['a page', '<html>proxy</html>'],
  ])('takes no malformed answer for a success: %s', async (_, body) => {
    proxy.decide = () => ok(body);
    expect(await store.insert([claimOf('a'), claimOf('b')], call)).toMatchObject([unavailable, unavailable]);
    expect(await store.complete([completionOf('a'), completionOf('b')], call)).toMatchObject([
      unavailable,
      unavailable,
    ]);
  });

  it.each([
    ['an empty object', {}],
    ['another table', { Responses: { payments: [itemOf('a')] }, UnprocessedKeys: {} }],
    ['an item without status', { Responses: { orders: [{ id: { S: 'a' }, expiration: { N: '9' } }] } }],
    ['an item without expiration', { Responses: { orders: [{ id: { S: 'a' }, status: { S: 'COMPLETED' } }] } }],
    ['an item of an unknown status', { Responses: { orders: [itemOf('a', { status: { S: 'DONE' } })] } }],
    ['an expiration that is no number', { Responses: { orders: [itemOf('a', { expiration: { S: 'soon' } })] } }],
  ])('takes no malformed answer for an absent or completed marker: %s', async (_, body) => {
    proxy.decide = ({ operation }) =>
      ok(
        operation === 'BatchGetItem'
          ? body
          : { Responses: [{ Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' } }] },
      );
    expect(await store.read(['a'], call)).toMatchObject([unavailable]);
    expect(await store.insert([claimOf('a')], call)).toMatchObject([unavailable]);
  });

  it('takes no answer that leaves open what was written for a mark', async () => {
    proxy.decide = () => ok({});
    expect(await store.markCompleted([claimOf('a')], call)).toMatchObject([unavailable]);
  });

  it('uses the item that an answer carries, and reads for the others only', async () => {
    const refused = { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' };
    proxy.decide = ({ operation }) =>
      ok(
        operation === 'BatchGetItem'
          ? { Responses: { orders: [itemOf('c')] }, UnprocessedKeys: {} }
          : {
              Responses: [{ Error: { ...refused, Item: itemOf('a', { fence: { N: '3' } }) } }, {}, { Error: refused }],
            },
      );
    expect(await store.insert([claimOf('a'), claimOf('b'), claimOf('c')], call)).toMatchObject([
      { kind: 'existing', marker: { status: 'COMPLETED', fence: 3 } },
      { kind: 'claimed' },
      { kind: 'existing', marker: { status: 'COMPLETED', fence: 0 } },
    ]);
    expect(proxy.seen[1]?.body).toEqual({
      RequestItems: { orders: { ConsistentRead: true, Keys: [{ id: { S: 'c' } }] } },
    });
  });

  it('asks again for keys left unprocessed, after a back-off', async () => {
    const answers: Fate[] = [
      ok({ Responses: {}, UnprocessedKeys: { orders: { Keys: [{ id: { S: 'b' } }, { id: { S: 'a' } }] } } }),
      ok({ Responses: { orders: [itemOf('b')] }, UnprocessedKeys: { orders: { Keys: [{ id: { S: 'a' } }] } } }),
      ok({ Responses: { orders: [] }, UnprocessedKeys: {} }),
    ];
    proxy.decide = (_, index) => answers[index] ?? 'cutBefore';
    const reading = store.read(['a', 'b'], call);
    expect(await passingTime(clock, reading)).toMatchObject([
      { kind: 'read', marker: undefined },
      { kind: 'read', marker: { status: 'COMPLETED' } },
    ]);
    expect(proxy.seen.map(({ body }) => JSON.stringify(body).match(/"S":"."/g))).toEqual([
      ['"S":"a"', '"S":"b"'],
      ['"S":"a"', '"S":"b"'],
      ['"S":"a"'],
    ]);
  });

  it('gives up keys and items that are left unprocessed for ever', async () => {
    proxy.decide = ({ operation, body }) =>
      ok(
        operation === 'BatchGetItem'
          ? { Responses: { orders: [] }, UnprocessedKeys: { orders: { Keys: [{ id: { S: 'a' } }] } } }
          : { UnprocessedItems: requestItems(body) },
      );
    expect(await passingTime(clock, store.read(['a', 'b'], call))).toMatchObject([
      unavailable,
      { kind: 'read', marker: undefined },
    ]);
    const reads = proxy.seen.length;
    expect(reads).toBeLessThanOrEqual(8);
    expect(await passingTime(clock, store.markCompleted([claimOf('a')], call))).toMatchObject([unavailable]);
    expect(proxy.seen.length - reads).toBeLessThanOrEqual(8);
  });

  it('ends with its signal during a back-off', async () => {
    const abort = new AbortController();
    proxy.decide = () => ok({ Responses: { orders: [] }, UnprocessedKeys: { orders: { Keys: [{ id: { S: 'a' } }] } } });
    const reading = store.read(['a'], { signal: abort.signal });
    await untilPending(clock);
    abort.abort();
    expect(await reading).toMatchObject([unavailable]);
    expect(proxy.seen).toHaveLength(1);
  });

  it('sends a request that is refused whole again one by one', async () => {
    proxy.decide = ({ body }) => {
      const statements = JSON.stringify(body).match(/INSERT/g)?.length ?? 0;
      return statements > 1 || JSON.stringify(body).includes('"bad"')
        ? refusal('ValidationException')
        : ok({ Responses: [{}] });
    };
    expect(await store.insert([claimOf('a'), claimOf('bad'), claimOf('c')], call)).toMatchObject([
      { kind: 'claimed' },
      { kind: 'failed', error: { kind: 'unstorable' } },
      { kind: 'claimed' },
    ]);
    expect(proxy.seen).toHaveLength(4);
  });
});

describe('dynamoDbStore with one key twice in a call, which the port forbids', () => {
  it('still answers truly, though DynamoDB refuses the request whole', async () => {
    const client = dynamodbClient();
    const store = dynamoDbStore({ tableName: await freshTable(), client });
    const claim = claimOf(freshKey());
    const results = await store.insert([claim, claim], call);
    for (const result of results) {
      expect(result).toSatisfy(
        () => result.kind === 'claimed' || (result.kind === 'existing' && result.marker.owner === claim.owner),
      );
    }
    expect(await store.read([claim.idempotencyKey, claim.idempotencyKey], call)).toEqual([
      { kind: 'read', marker: markerOf(claim) },
      { kind: 'read', marker: markerOf(claim) },
    ]);
    client.destroy();
  });
});

function requestItems(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'RequestItems' in body ? body.RequestItems : undefined;
}

/** Lets real answers arrive and the fake time of back-offs pass until the promise settles. */
async function passingTime<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  const state = { settled: false };
  const settle = () => {
    state.settled = true;
  };
  promise.then(settle, settle);
  while (!state.settled) {
    await clock.advance(1_000);
  }
  return promise;
}

async function untilPending(clock: FakeClock): Promise<void> {
  while (clock.pending === 0) {
    await clock.settle();
  }
}
