import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { abortable, lazyClient } from '../../../../lib/adapters/dynamodb/connection.ts';
import { lossyProxy } from '../../../support/lossy-proxy.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('lazyClient', () => {
  it('makes one client, for the environment, which gives up soon enough to be tried again', async () => {
    await using proxy = await lossyProxy();
    proxy.decide = () => ({ status: 200, body: { TableNames: [] } });
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', proxy.url);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    const client = lazyClient(undefined);
    const made = client();
    expect(client()).toBe(made);
    await made.send(new ListTablesCommand());
    expect(proxy.seen).toHaveLength(1);
    expect(await made.config.maxAttempts()).toBe(3);
    expect(handlerSettings(made.config.requestHandler)).toMatchObject({
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    });
    made.destroy();
  });

  it('makes a client that gives up on a server that does not answer, and asks once more', async () => {
    await using proxy = await lossyProxy();
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', proxy.url);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    // The pause before another attempt is random, and may be none.
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const arrived = Promise.withResolvers<void>();
    proxy.decide = (_request, index) => {
      if (index > 0) return { status: 200, body: { TableNames: ['after all'] } };
      arrived.resolve();
      return 'never';
    };
    const client = lazyClient(undefined)();
    const answer = client.send(new ListTablesCommand());
    await arrived.promise;
    await vi.advanceTimersByTimeAsync(2_999);
    expect(proxy.seen).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    // The pause before the second attempt is set some turns of the event loop later.
    for (let turn = 0; vi.getTimerCount() === 0 && turn < 10_000; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    await vi.advanceTimersToNextTimerAsync();
    expect((await answer).TableNames).toEqual(['after all']);
    expect(proxy.seen).toHaveLength(2);
    client.destroy();
  });

  it('uses the client that it is given', () => {
    const given = new DynamoDBClient({});
    expect(lazyClient(given)()).toBe(given);
  });
});

describe('abortable', () => {
  it('answers as what it started', async () => {
    const { signal } = new AbortController();
    expect(await abortable(signal, async () => 7)).toBe(7);
    await expect(abortable(signal, () => Promise.reject(new Error('as it is')))).rejects.toThrow('as it is');
  });

  it('starts nothing once aborted', async () => {
    let started = false;
    const start = async () => {
      started = true;
    };
    await expect(abortable(AbortSignal.abort(), start)).rejects.toMatchObject({ name: 'AbortError' });
    expect(started).toBe(false);
  });

  it('ends when aborted, whatever the reason, though what it started does not', async () => {
    const abort = new AbortController();
    const waiting = abortable(abort.signal, () => new Promise(() => undefined));
    abort.abort(Object.assign(new Error('mine'), { name: 'ValidationException' }));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

/** What the SDK's HTTP handler works with, known once it has sent something. */
function handlerSettings(handler: object): unknown {
  return 'httpHandlerConfigs' in handler && typeof handler.httpHandlerConfigs === 'function'
    ? handler.httpHandlerConfigs()
    : undefined;
}
