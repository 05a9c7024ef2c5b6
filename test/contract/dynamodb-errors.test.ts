import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/dynamodb-store.ts';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { tableWithKeys } from './dynamodb-support.ts';
import { call, claimOf, completionOf, freshKey, markerOf } from './idempotency-store.contract.ts';

/** One item of each operation, so that all ways to the table are tried. */
async function everyOperation(store: IdempotencyStore) {
  const claim = claimOf(freshKey());
  const { idempotencyKey } = claim;
  return {
    insert: await store.insert([claim, claimOf(freshKey())], call),
    takeOver: await store.takeOver([{ ...claim, seen: markerOf(claim) }], call),
    renew: await store.renew([claim], call),
    complete: await store.complete([completionOf(idempotencyKey)], call),
    keep: await store.release([{ idempotencyKey, owner: 'owner-a', to: 'keep', attempts: 1 }], call),
    erase: await store.release([{ idempotencyKey, owner: 'owner-a', to: 'erase' }], call),
    read: await store.read([idempotencyKey], call),
    markCompleted: await store.markCompleted([claim], call),
  };
}

describe('dynamoDbStore with a set-up that is wrong', () => {
  const client = dynamodbClient();
  let numberKeyed = '';
  let otherName = '';
  let sorted = '';
  beforeAll(async () => {
    numberKeyed = await tableWithKeys(client, ['id', 'N']);
    otherName = await freshTable('pk');
    sorted = await tableWithKeys(client, ['id', 'S'], ['sk', 'S']);
  });
  afterAll(() => client.destroy());

  it.each([
    ['a table that does not exist', () => dynamoDbStore({ tableName: 'no-such-table', client }), 'ResourceNotFound'],
    ['a table with a number for a key', () => dynamoDbStore({ tableName: numberKeyed, client }), 'Validation'],
    ['a table with a key of another name', () => dynamoDbStore({ tableName: otherName, client }), 'Validation'],
    ['a table with a sort key', () => dynamoDbStore({ tableName: sorted, client }), 'Validation'],
    [
      'credentials that are refused',
      () =>
        dynamoDbStore({
          tableName: 'orders',
          client: dynamodbClient({ credentials: { accessKeyId: 'not-alphanumeric', secretAccessKey: 'x' } }),
        }),
      'UnrecognizedClientException',
    ],
    [
      'credentials that cannot be had',
      () =>
        dynamoDbStore({
          tableName: 'orders',
          client: dynamodbClient({
            credentials: async () => {
              throw Object.assign(new Error('none here'), { name: 'CredentialsProviderError' });
            },
          }),
        }),
      'CredentialsProviderError',
    ],
    [
      'no Region',
      () =>
        dynamoDbStore({
          tableName: 'orders',
          client: dynamodbClient({
            region: async () => {
              throw new Error('Region is missing');
            },
          }),
        }),
      'Region',
    ],
  ])('fails every operation as a matter of configuration: %s', async (_, makeStore, named) => {
    for (const [operation, results] of Object.entries(await everyOperation(makeStore()))) {
      for (const result of results) {
        expect(result, operation).toMatchObject({
          kind: 'failed',
          error: { name: 'StoreError', kind: 'configuration' },
        });
        const message = result.kind === 'failed' ? result.error.message : '';
        expect(message, operation).toContain(named);
        expect(message, operation).toContain('DynamoDB table "');
      }
    }
  });

  it('works on a key of another name when it is told', async () => {
    const store = dynamoDbStore({
      tableName: otherName,
      client,
      attributeNames: {
        key: 'pk',
        status: 'state',
        expiration: 'ttl',
        inProgressExpiration: 'locked.until',
        data: 'result',
        validation: 'hash',
      },
    });
    const claim = claimOf(freshKey());
    expect(await store.insert([claim], call)).toEqual([{ kind: 'claimed' }]);
    expect(await store.insert([claim], call)).toEqual([{ kind: 'existing', marker: markerOf(claim) }]);
    expect(await store.complete([completionOf(claim.idempotencyKey, { result: 7 })], call)).toEqual([
      { kind: 'completed' },
    ]);
    expect(await store.read([claim.idempotencyKey], call)).toMatchObject([
      { kind: 'read', marker: { status: 'COMPLETED', result: 7, fingerprint: 'fingerprint-a' } },
    ]);
  });

  it.each([
    [{ tableName: '' }, 'tableName'],
    [{ tableName: 'a"; DROP' }, 'tableName'],
    [{ tableName: 'orders', requestsInFlight: 0 }, 'requestsInFlight'],
    [{ tableName: 'orders', requestsInFlight: 1.5 }, 'requestsInFlight'],
    [{ tableName: 'orders', attributeNames: { key: 'a"b' } }, 'attributeNames.key'],
    [{ tableName: 'orders', attributeNames: { data: 'status' } }, 'status'],
    [{ tableName: 'orders', attributeNames: { status: 'owner' } }, 'owner'],
  ])('throws at once for an option that cannot be right: %j', (options, named) => {
    expect(() => dynamoDbStore(options)).toThrow(ConfigurationError);
    expect(() => dynamoDbStore(options)).toThrow(named);
  });
});

describe('dynamoDbStore with an item that cannot be stored', () => {
  const client = dynamodbClient();
  let store: IdempotencyStore;
  beforeAll(async () => {
    store = dynamoDbStore({ tableName: await freshTable(), client });
  });
  afterAll(() => client.destroy());

  const unstorable = { kind: 'failed', error: { name: 'StoreError', kind: 'unstorable' } };

  it('fails that item alone when it is claimed', async () => {
    const claims = [claimOf(freshKey()), claimOf(''), claimOf('x'.repeat(2_049)), claimOf(freshKey())];
    expect(await store.insert(claims, call)).toMatchObject([
      { kind: 'claimed' },
      unstorable,
      unstorable,
      { kind: 'claimed' },
    ]);
  });

  it('fails that item alone when the request is refused whole for it', async () => {
    const claims = [claimOf(freshKey()), claimOf(freshKey(), { fence: Number.NaN }), claimOf(freshKey())];
    expect(await store.insert(claims, call)).toMatchObject([{ kind: 'claimed' }, unstorable, { kind: 'claimed' }]);
    expect(await store.markCompleted([claimOf(freshKey()), claimOf('')], call)).toMatchObject([
      { kind: 'marked' },
      unstorable,
    ]);
    expect(await store.read([freshKey(), ''], call)).toMatchObject([{ kind: 'read' }, unstorable]);
  });

  it('says nothing of what it holds', async () => {
    const secret = 'card 4111-1111';
    const claim = claimOf(freshKey());
    await store.insert([claim], call);
    const [failed] = await store.complete(
      [completionOf(claim.idempotencyKey, { result: secret.repeat(40_000) })],
      call,
    );
    expect(failed).toMatchObject(unstorable);
    expect(failed?.kind === 'failed' && `${failed.error.message} ${String(failed.error.cause)}`).not.toContain(secret);
  });
});
