import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/commit-store.ts';
import type { CommitStore } from '../../lib/ports/commit-store.ts';
import { FakeClock } from '../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';
import { dynamodbClient } from '../support/fresh.ts';
import { type Fate, type LossyProxy, lossyProxy } from '../support/lossy-proxy.ts';
import { commitOf, markerWith, markOf, moveOf, orderKey, positionAt, put, update } from './commit-store.support.ts';
import { call, freshKey } from './idempotency-store.contract.ts';

// Answers that DynamoDB Local never gives, in a server's place.

const unavailable = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };

function refusal(name: string, status = 400, more: object = {}): Fate {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'the card 4111 is bad', ...more };
  return { status, body };
}

function cancelled(codes: readonly (string | undefined)[]): Fate {
  const reasons = codes.map((Code) => (Code === undefined ? {} : { Code, Message: 'the card 4111 is bad' }));
  return refusal('TransactionCanceledException', 400, { CancellationReasons: reasons });
}

const commit = () =>
  commitOf({
    marks: [markOf('a')],
    positions: [moveOf('p', undefined, positionAt(1))],
    effects: [put('Orders', orderKey()), update('Stock', orderKey(), 'SET a = b')],
  });

describe('the commit of dynamoDbStore and the answers it gets', () => {
  let proxy: LossyProxy;
  let client = dynamodbClient();
  let store: CommitStore;
  const clock = new FakeClock();
  const storeOf = (maxAttempts: number): CommitStore => {
    client.destroy();
    client = dynamodbClient({ endpoint: proxy.url, maxAttempts });
    return dynamoDbStore({ tableName: 'markers', client, clock, randomness: new SeededRandomness(1) });
  };
  beforeEach(async () => {
    proxy = await lossyProxy();
    store = storeOf(1);
  });
  afterEach(async () => {
    client.destroy();
    await proxy[Symbol.asyncDispose]();
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['ConditionalCheckFailed', 'conditionFailed'],
    ['TransactionConflict', 'conflict'],
    ['ThrottlingError', 'throttled'],
    ['ProvisionedThroughputExceeded', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
    ['InternalServerError', 'throttled'],
    ['ValidationError', 'invalid'],
    ['ItemCollectionSizeLimitExceeded', 'invalid'],
    ['DuplicateItem', 'invalid'],
  ])('takes the reason %s for %s, wherever it stands', async (code, reason) => {
    for (const place of [0, 1, 2, 3]) {
      proxy.decide = () => cancelled([0, 1, 2, 3].map((index) => (index === place ? code : 'None')));
      expect(await store.commit(commit(), call)).toEqual({
        kind: 'cancelled',
        reasons: [0, 1, 2, 3].map((index) => (index === place ? reason : 'none')),
      });
    }
    expect(proxy.seen).toHaveLength(4);
  });

  it('takes reasons of several kinds side by side, and none without a code', async () => {
    proxy.decide = () => cancelled(['TransactionConflict', undefined, 'ConditionalCheckFailed', 'ValidationError']);
    expect(await store.commit(commit(), call)).toEqual({
      kind: 'cancelled',
      reasons: ['conflict', 'none', 'conditionFailed', 'invalid'],
    });
  });

  const failed = 'ConditionalCheckFailed';
  it.each<[string, Fate]>([
    ['there are too few', cancelled([failed, 'None', 'None'])],
    ['there is one', cancelled(['ValidationError'])],
    ['there are too many', cancelled([failed, 'None', 'None', 'None', 'None'])],
    ['there is one too many, unknown', cancelled([failed, 'None', 'None', 'None', 'SomethingUnheardOf'])],
    ['there are none', cancelled([])],
    ['the list is missing', refusal('TransactionCanceledException')],
    ['the list is null', refusal('TransactionCanceledException', 400, { CancellationReasons: null })],
    ['the list is a text', refusal('TransactionCanceledException', 400, { CancellationReasons: 'four' })],
    ['one is unknown', cancelled([failed, 'SomethingUnheardOf', 'None', 'None'])],
    ['nothing stands against any', cancelled(['None', 'None', 'None', 'None'])],
  ])('gives no reasons when %s', async (_, fate) => {
    proxy.decide = () => fate;
    expect(await store.commit(commit(), call)).toEqual({ kind: 'cancelled', reasons: undefined });
  });

  it.each([
    ['TransactionConflictException', 'conflict'],
    ['ThrottlingException', 'throttled'],
    ['ProvisionedThroughputExceededException', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
  ])('takes %s of the whole for nothing written, each write %s', async (name, reason) => {
    proxy.decide = () => refusal(name);
    expect(await store.commit(commit(), call)).toEqual({
      kind: 'cancelled',
      reasons: [reason, reason, reason, reason],
    });
    expect(proxy.seen).toHaveLength(1);
  });

  it.each([
    'TransactionConflictException',
    'ThrottlingException',
    'AccessDeniedException',
    'ExpiredTokenException',
    'ResourceNotFoundException',
  ])('does not take %s for nothing written once an attempt before it had no answer', async (name) => {
    store = storeOf(2);
    proxy.decide = (_, index) => (index === 0 ? 'cutBefore' : refusal(name));
    const result = await store.commit(commit(), call);
    expect(result).toMatchObject(unavailable);
    expect(result.kind === 'failed' && result.error.message).toContain(name);
    expect(proxy.seen).toHaveLength(2);
  });

  it('believes what is said of the transaction itself, also after an attempt without an answer', async () => {
    store = storeOf(2);
    for (const [fate, result] of [
      [cancelled([failed, 'None', 'None', 'None']), { kind: 'cancelled' }],
      [refusal('ValidationException'), { kind: 'refused', error: { kind: 'unstorable' } }],
    ] as const) {
      let first = true;
      proxy.decide = () => {
        const fateNow = first ? 'cutBefore' : fate;
        first = false;
        return fateNow;
      };
      expect(await store.commit(commit(), call)).toMatchObject(result);
    }
    expect(proxy.seen).toHaveLength(4);
  });

  it.each([
    ['ValidationException', 400],
    ['SerializationException', 400],
    ['ItemCollectionSizeLimitExceededException', 400],
    ['SomethingTooLarge', 413],
  ])('refuses as unstorable for %s (%i), without a word of what it was in the message', async (name, status) => {
    proxy.decide = () => refusal(name, status);
    const result = await store.commit(commit(), call);
    expect(result).toMatchObject({ kind: 'refused', error: { name: 'StoreError', kind: 'unstorable' } });
    const error = result.kind === 'refused' ? result.error : undefined;
    expect(error?.message).toContain(`DynamoDB tables "markers", "Orders", "Stock": commit failed: ${name}`);
    expect(error?.message).not.toContain('4111');
    // Its words are for the dead letter, which has the record beside them.
    expect(error?.cause).toMatchObject({ name });
  });

  it.each([
    'The provided key element does not match the schema',
    'One or more parameter values were invalid: Missing the key orderId in the item',
    'One or more parameter values were invalid: Type mismatch for key orderId expected: S actual: N',
  ])('lays it to the effect when the key of a table is another: %s', async (message) => {
    proxy.decide = () => refusal('ValidationException', 400, { message });
    expect(await store.commit(commit(), call)).toMatchObject({ kind: 'refused', error: { kind: 'unstorable' } });
  });

  it.each([
    ['ResourceNotFoundException', 400, 'create it'],
    ['AccessDeniedException', 400, 'PutItem, UpdateItem, DeleteItem and ConditionCheckItem'],
    ['KMSAccessDeniedException', 400, "allow the use of the tables' customer managed keys"],
    ['UnrecognizedClientException', 400, 'credentials'],
    ['ExpiredTokenException', 400, 'credentials'],
    ['SomethingForbidden', 403, 'check Region and credentials'],
  ])('refuses as a matter of configuration for %s (%i), and says where and what to do', async (name, status, hint) => {
    proxy.decide = () => refusal(name, status);
    const result = await store.commit(commit(), call);
    expect(result).toMatchObject({ kind: 'refused', error: { name: 'StoreError', kind: 'configuration' } });
    const message = result.kind === 'refused' ? result.error.message : '';
    expect(message).toContain(`DynamoDB tables "markers", "Orders", "Stock": commit failed: ${name}: `);
    expect(message).toContain(hint);
  });

  it('names one table where there is no other', async () => {
    proxy.decide = () => refusal('AccessDeniedException');
    const result = await store.commit(commitOf({ marks: [markOf('a')] }), call);
    expect(result.kind === 'refused' && result.error.message).toMatch(
      /^DynamoDB table "markers": commit failed: AccessDeniedException: allow dynamodb:PutItem /,
    );
  });

  it.each<[string, Fate]>([
    ['IdempotentParameterMismatchException', refusal('IdempotentParameterMismatchException')],
    ['TransactionInProgressException', refusal('TransactionInProgressException')],
    ['InternalServerError', refusal('InternalServerError', 500)],
    ['ServiceUnavailable', refusal('ServiceUnavailable', 503)],
    ['SomethingUnheardOf', refusal('SomethingUnheardOf')],
    ['a connection that is cut', 'cutBefore'],
    ['half an answer', { status: 200, body: '{"Consumed' }],
    ['a page', { status: 200, body: '<html>proxy</html>' }],
  ])('fails, not knowing what was written, for %s', async (_, fate) => {
    proxy.decide = () => fate;
    const result = await store.commit(commit(), call);
    expect(result).toMatchObject(unavailable);
    expect(result.kind === 'failed' && result.error.message).not.toContain('4111');
    expect(proxy.seen).toHaveLength(1);
  });

  it('fails when no answer comes in time', async () => {
    const timed = dynamodbClient({
      endpoint: proxy.url,
      maxAttempts: 1,
      requestHandler: { requestTimeout: 30, throwOnRequestTimeout: true },
    });
    proxy.decide = () => 'never';
    expect(await dynamoDbStore({ tableName: 'markers', client: timed }).commit(commit(), call)).toMatchObject(
      unavailable,
    );
    timed.destroy();
  });

  it('fails with its signal while the server is silent', async () => {
    const abort = new AbortController();
    proxy.decide = () => {
      abort.abort('no time left');
      return 'never';
    };
    expect(await store.commit(commit(), { signal: abort.signal })).toMatchObject(unavailable);
    expect(proxy.seen).toHaveLength(1);
  });

  it('fails with its signal while the SDK waits for credentials', async () => {
    const abort = new AbortController();
    const waiting = dynamodbClient({
      endpoint: proxy.url,
      credentials: () => {
        abort.abort('no time left');
        return new Promise(() => {});
      },
    });
    const sent = dynamoDbStore({ tableName: 'markers', client: waiting }).commit(commit(), { signal: abort.signal });
    expect(await sent).toMatchObject(unavailable);
    expect(proxy.seen).toEqual([]);
    waiting.destroy();
  });

  it('asks again for positions left unprocessed, and gives up those that stay so', async () => {
    const item = { id: { S: 'b' }, next_offset: { N: '7' }, generation: { N: '2' } };
    proxy.decide = (_, index) => ({
      status: 200,
      body: {
        Responses: { markers: index === 0 ? [item] : [] },
        UnprocessedKeys: { markers: { Keys: [{ id: { S: 'a' } }] } },
      },
    });
    const reading = await clock.runUntilSettled(store.readPositions(['a', 'b', 'c'], call));
    expect(reading).toMatchObject([
      unavailable,
      { kind: 'read', position: { nextOffset: 7, generation: 2, highestTimestampMs: undefined } },
      { kind: 'read', position: undefined },
    ]);
  });

  it.each([
    ['a marker', { status: { S: 'COMPLETED' }, expiration: { N: '9' } }],
    ['no generation', { next_offset: { N: '7' } }],
    ['no offset', { generation: { N: '7' } }],
    ['an offset that is a text', { next_offset: { S: '7' }, generation: { N: '7' } }],
    ['an offset that is no integer', { next_offset: { N: '7.5' }, generation: { N: '7' } }],
    ['an offset beyond 2^53', { next_offset: { N: '9007199254740993' }, generation: { N: '7' } }],
    ['a timestamp that is a text', { next_offset: { N: '7' }, generation: { N: '7' }, highest_timestamp: { S: '' } }],
  ])('takes no other item for a position: %s', async (_, attributes) => {
    proxy.decide = () => ({
      status: 200,
      body: { Responses: { markers: [{ id: { S: 'p' }, ...attributes }] }, UnprocessedKeys: {} },
    });
    const [result, other] = await store.readPositions(['p', 'q'], call);
    expect(result).toMatchObject({ kind: 'failed', error: { name: 'StoreError', kind: 'configuration' } });
    expect(result?.kind === 'failed' && result.error.message).toMatch(
      /^DynamoDB table "markers": .* item "p" is no position/,
    );
    expect(other).toEqual({ kind: 'read', position: undefined });
  });

  it('sends marks, positions and effects in this order, under the token, and asks for no old items', async () => {
    proxy.decide = () => ({ status: 200, body: {} });
    const key = orderKey(freshKey());
    const given = commitOf({
      marks: [markOf('a', { fingerprint: undefined, source: undefined, attempts: 2 })],
      positions: [moveOf('p', positionAt(1, { generation: 3 }), positionAt(4, { generation: 3 }))],
      effects: [
        put('Orders', key),
        update('Orders', key, 'SET a = :a', {
          condition: 'b = :a',
          names: { '#a': 'a' },
          values: { ':a': { S: 'x' } },
        }),
      ],
    });
    expect(await store.commit(given, call)).toEqual({ kind: 'committed' });
    expect(proxy.seen.map(({ operation }) => operation)).toEqual(['TransactWriteItems']);
    expect(proxy.seen[0]?.body).toEqual({
      ClientRequestToken: given.token,
      TransactItems: [
        {
          Put: {
            TableName: 'markers',
            Item: {
              id: { S: 'a' },
              status: { S: 'COMPLETED' },
              expiration: { N: '1795000000' },
              fence: { N: '1' },
              attempts: { N: '2' },
            },
            ConditionExpression: 'attribute_not_exists(#n0)',
            ExpressionAttributeNames: { '#n0': 'id' },
          },
        },
        {
          Put: {
            TableName: 'markers',
            Item: {
              id: { S: 'p' },
              next_offset: { N: '4' },
              highest_timestamp: { N: '1790000000000' },
              generation: { N: '3' },
              source: { S: 'orders-3' },
            },
            ConditionExpression: '#n0 = :v0 AND #n1 = :v1',
            ExpressionAttributeNames: { '#n0': 'next_offset', '#n1': 'generation' },
            ExpressionAttributeValues: { ':v0': { N: '1' }, ':v1': { N: '3' } },
          },
        },
        { Put: { TableName: 'Orders', Item: key } },
        {
          Update: {
            TableName: 'Orders',
            Key: key,
            UpdateExpression: 'SET a = :a',
            ConditionExpression: 'b = :a',
            ExpressionAttributeNames: { '#a': 'a' },
            ExpressionAttributeValues: { ':a': { S: 'x' } },
          },
        },
      ],
    });
  });

  it('expects of a marker what was seen of it', async () => {
    proxy.decide = () => ({ status: 200, body: {} });
    const seen = markerWith({ fence: 0, owner: undefined });
    await store.commit(commitOf({ marks: [markOf('a', { seen })] }), call);
    expect(proxy.seen[0]?.body).toMatchObject({
      TransactItems: [
        {
          Put: {
            ConditionExpression:
              '#n0 = :v0 AND #n1 = :v1 AND #n2 = :v2 AND attribute_not_exists(#n3) AND (attribute_not_exists(#n4) OR #n4 = :v4)',
            ExpressionAttributeNames: {
              '#n0': 'status',
              '#n1': 'expiration',
              '#n2': 'in_progress_expiration',
              '#n3': 'owner',
              '#n4': 'fence',
            },
          },
        },
      ],
    });
  });
});
