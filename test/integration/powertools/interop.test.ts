import { createHash } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dynamoDbStore } from '../../../lib/adapters/dynamodb/dynamodb-store.ts';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';
import { lambdaContext } from '../../unit/powertools/lambda-context.ts';
import { jump, newLayer, startCall, type Whose } from './layers.ts';

let client: DynamoDBClient;
let tableName: string;

beforeAll(async () => {
  client = dynamodbClient();
  tableName = await freshTable();
});
afterAll(() => client.destroy());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const bothWays: readonly (readonly [Whose, Whose])[] = [
  ['ours', 'theirs'],
  ['theirs', 'ours'],
];

function options() {
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'orderId', payloadValidationJmesPath: 'amount' });
  config.registerLambdaContext(lambdaContext(60_000));
  return { config, keyPrefix: 'orders' };
}

describe.each(bothWays)('what a call over %s left behind, met over %s', (before, after) => {
  const payload = (what: string) => ({ orderId: `${what}, ${before}`, amount: 12 });

  function call(whose: Whose, of: { orderId: string; amount: number }, handle: () => Promise<unknown>) {
    return makeIdempotent((_: unknown) => handle(), {
      ...options(),
      persistenceStore: newLayer(whose, tableName, client),
    })(of);
  }

  it('is a result, of the same payload only', async () => {
    const result = { paid: true, cents: 1299, note: 'é', lines: [1, 'two', null] };
    const again = vi.fn(async () => 'again');
    await call(before, payload('completed'), async () => result);
    expect(await call(after, payload('completed'), again)).toEqual(result);
    await expect(call(after, { ...payload('completed'), amount: 13 }, again)).rejects.toMatchObject({
      name: 'IdempotencyValidationError',
    });
    expect(again).not.toHaveBeenCalled();
  });

  it('is a claim in progress, which is respected and then completed', async () => {
    const running = startCall(newLayer(before, tableName, client), payload('running'), options());
    await running.started;
    await expect(call(after, payload('running'), async () => 'again')).rejects.toMatchObject({
      name: 'IdempotencyAlreadyInProgressError',
    });
    running.succeed('done');
    await running.ended;
    expect(await call(after, payload('running'), async () => 'again')).toBe('done');
  });

  it('is a failure, after which the function runs again', async () => {
    const declined = call(before, payload('failed'), () => Promise.reject(new Error('declined')));
    await expect(declined).rejects.toThrow('declined');
    expect(await call(after, payload('failed'), async () => 'again')).toBe('again');
  });

  it('is the claim of a process that crashed, taken over when its lease is over', async () => {
    const crashed = startCall(newLayer(before, tableName, client), payload('crashed'), options());
    await crashed.started;
    jump(63_000);
    expect(await call(after, payload('crashed'), async () => 'again')).toBe('again');
    crashed.fail();
    await crashed.ended;
  });

  it('is an expired result, which counts for nothing', async () => {
    await call(before, payload('expired'), async () => 'old');
    jump(3_601_000);
    expect(await call(after, payload('expired'), async () => 'new')).toBe('new');
  });
});

describe('the store', () => {
  it('reads the items that Powertools wrote', async () => {
    const store = dynamoDbStore({ tableName, client });
    const keyOf = (orderId: string) => `orders#${createHash('md5').update(JSON.stringify(orderId)).digest('base64')}`;
    const theirs = newLayer('theirs', tableName, client);
    const done = startCall(theirs, { orderId: 'read, done', amount: 1 }, options());
    done.succeed('the result');
    await done.ended;
    const running = startCall(theirs, { orderId: 'read, running', amount: 1 }, options());
    await running.started;

    const keys = [keyOf('read, done'), keyOf('read, running'), keyOf('read, never')];
    const read = await store.read(keys, { signal: new AbortController().signal });
    const foreign = { owner: undefined, fence: 0, attempts: 0, alone: false, source: undefined };
    expect(read).toEqual([
      { kind: 'read', marker: expect.objectContaining({ ...foreign, status: 'COMPLETED', result: 'the result' }) },
      { kind: 'read', marker: expect.objectContaining({ ...foreign, status: 'INPROGRESS', result: undefined }) },
      { kind: 'read', marker: undefined },
    ]);
    running.fail();
    await running.ended;
  });
});
