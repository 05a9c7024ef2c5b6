import { createHash } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamoDbStore } from '../../lib/adapters/dynamodb/dynamodb-store.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';
import { fakeContext } from '../../lib/testing/index.ts';
import { dynamodbClient, freshTable } from '../support/fresh.ts';
import { call, claimOf, completionOf, freshKey, markerAt, markerOf } from './idempotency-store.contract.ts';

const context: Context = fakeContext({ remainingMs: 30_000 });

describe('dynamoDbStore on one table with the real Powertools', () => {
  const client = dynamodbClient();
  let store: IdempotencyStore;
  let tableName = '';
  beforeAll(async () => {
    tableName = await freshTable();
    store = dynamoDbStore({ tableName, client });
  });
  afterAll(() => client.destroy());

  interface Setting {
    readonly leased?: boolean;
    readonly validated?: boolean;
  }

  /** The handler that Powertools makes idempotent by the order's ID, under the key that `keyOf` tells. */
  function idempotent<T>(handle: (order: { id: string; amount: number }) => Promise<T>, setting: Setting = {}) {
    const config = new IdempotencyConfig({
      eventKeyJmesPath: 'id',
      ...(setting.validated && { payloadValidationJmesPath: 'amount' }),
    });
    if (setting.leased !== false) {
      config.registerLambdaContext(context);
    }
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client });
    return makeIdempotent(handle, { persistenceStore, config, keyPrefix: 'charge' });
  }

  function md5(value: unknown): string {
    return createHash('md5').update(JSON.stringify(value)).digest('base64');
  }

  function keyOf(id: string): string {
    return `charge#${md5(id)}`;
  }

  it('reads what Powertools completed', async () => {
    const id = freshKey();
    const result = { receipt: 'r-1', lines: [1, null, { ok: true }], total: 12.5 };
    await idempotent(async () => result)({ id, amount: 3 });
    expect(await markerAt(store, keyOf(id))).toEqual({
      status: 'COMPLETED',
      expiresAtSeconds: expect.any(Number),
      leaseUntilMs: expect.any(Number),
      owner: undefined,
      fence: 0,
      attempts: 0,
      alone: false,
      fingerprint: undefined,
      result,
      source: undefined,
    });
  });

  it('reads the hash of a validated payload as the fingerprint', async () => {
    const id = freshKey();
    await idempotent(async () => 'r', { validated: true })({ id, amount: 3 });
    expect(await markerAt(store, keyOf(id))).toMatchObject({ fingerprint: md5(3), result: 'r' });
  });

  it('reads an empty hash, which Powertools may have written, as none', async () => {
    const key = freshKey();
    await store.insert([claimOf(key, { fingerprint: '' })], call);
    expect(await markerAt(store, key)).toMatchObject({ fingerprint: undefined });
  });

  it.each([true, false])('takes over what Powertools holds in progress; with a lease: %s', async (leased) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const id = freshKey();
    const key = keyOf(id);
    await idempotent(
      async () => {
        const seen = await markerAt(store, key);
        expect(seen).toMatchObject({ status: 'INPROGRESS', owner: undefined, fence: 0, attempts: 0 });
        expect(seen?.leaseUntilMs === undefined).toBe(!leased);
        if (seen === undefined) {
          throw new Error('no marker');
        }
        const mine = claimOf(key, { fence: 1 });
        expect(await store.takeOver([{ ...mine, seen: { ...seen, leaseUntilMs: 1 } }], call)).toMatchObject([
          { kind: 'existing' },
        ]);
        expect(await store.takeOver([{ ...mine, seen }], call)).toEqual([{ kind: 'claimed' }]);
        expect(await store.takeOver([{ ...mine, owner: 'owner-b', seen }], call)).toEqual([
          { kind: 'existing', marker: markerOf(mine) },
        ]);
      },
      { leased },
    )({ id, amount: 3 });
    warn.mockRestore();
  });

  it('writes what Powertools takes for completed, with its result', async () => {
    const id = freshKey();
    const key = keyOf(id);
    const result = { receipt: 'r-2', lines: [1, null], total: 12.5, serial: 12345678901234567890n };
    await store.insert([claimOf(key, { expiresAtSeconds: 4_000_000_000 })], call);
    await store.complete([completionOf(key, { expiresAtSeconds: 4_000_000_000, result })], call);
    const run = vi.fn(async (): Promise<unknown> => 'ran');
    expect(await idempotent(run)({ id, amount: 3 })).toEqual(result);
    expect(run).not.toHaveBeenCalled();
  });

  it('writes marks that Powertools takes for completed', async () => {
    const id = freshKey();
    await store.markCompleted(
      [{ idempotencyKey: keyOf(id), expiresAtSeconds: 4_000_000_000, fingerprint: md5(3), source: undefined }],
      call,
    );
    const run = vi.fn(async () => 'ran');
    expect(await idempotent(run, { validated: true })({ id, amount: 3 })).toBeUndefined();
    expect(run).not.toHaveBeenCalled();
  });

  it('writes claims that Powertools takes for in progress until their lease is over', async () => {
    const live = freshKey();
    const over = freshKey();
    const released = freshKey();
    const expiresAtSeconds = 4_000_000_000;
    await store.insert(
      [
        claimOf(keyOf(live), { expiresAtSeconds, leaseUntilMs: 4_000_000_000_000 }),
        claimOf(keyOf(over), { expiresAtSeconds, leaseUntilMs: 1 }),
        claimOf(keyOf(released), { expiresAtSeconds, leaseUntilMs: 4_000_000_000_000 }),
      ],
      call,
    );
    await store.release([{ idempotencyKey: keyOf(released), owner: 'owner-a', to: 'keep', attempts: 1 }], call);
    const run = idempotent(async () => 'ran');
    await expect(run({ id: live, amount: 3 })).rejects.toMatchObject({ name: 'IdempotencyAlreadyInProgressError' });
    expect(await run({ id: over, amount: 3 })).toBe('ran');
    expect(await run({ id: released, amount: 3 })).toBe('ran');
  });

  it('refuses its owner once Powertools has put its item over the claim', async () => {
    const id = freshKey();
    const key = keyOf(id);
    await store.insert([claimOf(key, { expiresAtSeconds: 4_000_000_000, leaseUntilMs: 1 })], call);
    await idempotent(async () => {
      expect(await store.complete([completionOf(key)], call)).toMatchObject([{ kind: 'refused' }]);
      expect(await store.renew([{ idempotencyKey: key, owner: 'owner-a', leaseUntilMs: 2 }], call)).toEqual([
        { kind: 'refused' },
      ]);
    })({ id, amount: 3 });
  });
});
