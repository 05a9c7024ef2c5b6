import { createHash } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { Context } from 'aws-lambda';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FactsTable, factsTable, type Item, n, s } from './facts-table.ts';

interface Order {
  readonly orderId: string;
  readonly amount?: number;
}

let table: FactsTable;
beforeAll(async () => {
  table = await factsTable();
});
beforeEach(() => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'charge-orders');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const md5 = (value: unknown): string => createHash('md5').update(JSON.stringify(value)).digest('base64');
const epochSeconds = (): number => Math.floor(Date.now() / 1000);

function idempotent<T>(
  handle: (order: Order) => Promise<T>,
  more: { keyPrefix?: string; payloadValidationJmesPath?: string; withContext?: boolean } = {},
): (order: Order) => Promise<T> {
  const { keyPrefix, payloadValidationJmesPath, withContext = true } = more;
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'orderId',
    ...(payloadValidationJmesPath === undefined ? {} : { payloadValidationJmesPath }),
  });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table.name, awsSdkV3Client: table.client });
  const wrapped = makeIdempotent(handle, {
    persistenceStore,
    config,
    ...(keyPrefix === undefined ? {} : { keyPrefix }),
  });
  return (order) => {
    if (withContext) config.registerLambdaContext(fullContext);
    return Promise.resolve(wrapped(order));
  };
}

const fullContext: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'charge-orders',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:charge-orders',
  memoryLimitInMB: '128',
  awsRequestId: 'request-1',
  logGroupName: 'group',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

describe('an item that Powertools writes', () => {
  it('is INPROGRESS with seconds and milliseconds, then COMPLETED with the result in place', async () => {
    const id = `charge-orders#${md5('A')}`;
    let during: Item | undefined;
    const before = Date.now();
    await idempotent(async () => {
      during = await table.item(id);
      return { charged: 3, none: null };
    })({ orderId: 'A' });
    expect(Object.keys(during ?? {}).sort()).toEqual(['expiration', 'id', 'in_progress_expiration', 'status']);
    expect(during?.status).toEqual(s('INPROGRESS'));
    expect(Math.abs(Number(during?.expiration?.N) - (before / 1000 + 3600))).toBeLessThan(30);
    expect(Math.abs(Number(during?.in_progress_expiration?.N) - (before + 30_000))).toBeLessThan(30_000);

    const after = await table.item(id);
    expect(after).toEqual({
      id: s(id),
      status: s('COMPLETED'),
      expiration: { N: expect.stringMatching(/^\d{10}$/) },
      in_progress_expiration: during?.in_progress_expiration,
      data: { M: { charged: n(3), none: { NULL: true } } },
    });
  });

  it('has no lease without a context: a crash locks it until it expires', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    let during: Item | undefined;
    await idempotent(
      async () => {
        during = await table.item(`charge-orders#${md5('B')}`);
      },
      { withContext: false },
    )({
      orderId: 'B',
    });
    expect(Object.keys(during ?? {}).sort()).toEqual(['expiration', 'id', 'status']);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
    expect(await table.item(`charge-orders#${md5('B')}`)).not.toHaveProperty('data');
  });

  it('has the hash of the selected payload in `validation`, from the claim on', async () => {
    const id = `orders#${md5('C')}`;
    let during: Item | undefined;
    const handle = idempotent(
      async () => {
        during = await table.item(id);
      },
      {
        keyPrefix: 'orders',
        payloadValidationJmesPath: 'amount',
      },
    );
    await handle({ orderId: 'C', amount: 3 });
    expect(during?.validation).toEqual(s(md5(3)));
    expect((await table.item(id))?.validation).toEqual(s(md5(3)));
  });

  it('is deleted after a failure', async () => {
    const handle = idempotent(async () => {
      throw new Error('gateway down');
    });
    await expect(handle({ orderId: 'D' })).rejects.toThrow('gateway down');
    expect(await table.item(`charge-orders#${md5('D')}`)).toBeUndefined();
  });

  it('has a key whose members are sorted whatever their case, at every depth', async () => {
    const config = new IdempotencyConfig({ hashFunction: 'sha256' });
    config.registerLambdaContext(fullContext);
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table.name, awsSdkV3Client: table.client });
    const payload = { b: [{ z: 1, Y: 2 }], A: 1 };
    await makeIdempotent(async (_: typeof payload) => 'done', { persistenceStore, config, keyPrefix: ' spaced ' })(
      payload,
    );
    const hash = createHash('sha256').update('{"A":1,"b":[{"Y":2,"z":1}]}').digest('base64');
    expect(await table.item(`spaced#${hash}`)).toBeDefined();
  });
});

describe('an item in our layout, as Powertools reads it', () => {
  const idOf = (orderId: string): string => `ours#${md5(orderId)}`;
  const inProgress = (orderId: string): Item => ({
    id: s(idOf(orderId)),
    status: s('INPROGRESS'),
    expiration: n(epochSeconds() + 1000),
    in_progress_expiration: n(Date.now() + 600_000),
    validation: s('our fingerprint'),
    owner: s('owner-1'),
    fence: n(4),
    attempts: n(2),
    source: s('orders-3@17'),
    alone: { BOOL: true },
  });
  const completed = (orderId: string): Item => {
    const { in_progress_expiration: _, ...rest } = inProgress(orderId);
    return { ...rest, status: s('COMPLETED') };
  };
  const run = (orderId: string, payloadValidationJmesPath?: string) => {
    const more = payloadValidationJmesPath === undefined ? {} : { payloadValidationJmesPath };
    return idempotent<unknown>(async () => 'ran', { keyPrefix: 'ours', ...more })({ orderId, amount: 3 });
  };

  it('gives its data when COMPLETED, with or without a lease', async () => {
    await table.put({ ...completed('1'), data: { M: { charged: n(3) } } });
    expect(await run('1')).toEqual({ charged: 3 });
    await table.put({ ...inProgress('2'), status: s('COMPLETED'), data: s('receipt') });
    expect(await run('2')).toBe('receipt');
  });

  it('gives undefined when COMPLETED without data', async () => {
    await table.put(completed('3'));
    expect(await run('3')).toBeUndefined();
  });

  it('is in progress while its lease lasts', async () => {
    await table.put(inProgress('4'));
    await expect(run('4')).rejects.toMatchObject({ name: 'IdempotencyAlreadyInProgressError' });
    expect((await table.item(idOf('4')))?.owner).toEqual(s('owner-1'));
  });

  it('is claimed when released, and then has lost owner, fence and attempts: a Powertools writer voids the fence', async () => {
    const { owner: _, ...released } = inProgress('5');
    await table.put({ ...released, in_progress_expiration: n(0) });
    expect(await run('5')).toBe('ran');
    const after = await table.item(idOf('5'));
    expect(Object.keys(after ?? {}).sort()).toEqual(['data', 'expiration', 'id', 'in_progress_expiration', 'status']);
  });

  it('is claimed when its lease is over, and when it has expired', async () => {
    await table.put({ ...inProgress('6'), in_progress_expiration: n(Date.now() - 1) });
    expect(await run('6')).toBe('ran');
    await table.put({ ...completed('7'), expiration: n(epochSeconds() - 1), data: s('old') });
    expect(await run('7')).toBe('ran');
  });

  it('passes payload validation only with the hash that Powertools would have written', async () => {
    await table.put({ ...completed('8'), data: s('receipt') });
    expect(await run('8')).toBe('receipt');
    await expect(run('8', 'amount')).rejects.toMatchObject({ name: 'IdempotencyValidationError' });
    await table.put({ ...completed('9'), data: s('receipt'), validation: s(md5(3)) });
    expect(await run('9', 'amount')).toBe('receipt');
  });

  it('gives a number beyond 2^53 in its data as a bigint', async () => {
    await table.put({ ...completed('10'), data: n('12345678901234567890') });
    expect(await run('10')).toBe(12345678901234567890n);
  });
});
