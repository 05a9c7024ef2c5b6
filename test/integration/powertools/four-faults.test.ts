import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';
import { lambdaContext } from '../../unit/powertools/lambda-context.ts';
import { jump, newLayer, startCall, type Whose } from './layers.ts';

// Each test shows that the fault exists over Powertools' own layer, and not over ours: neither with a layer for each worker,
// as in environments of their own, nor with one that all share.

let client: DynamoDBClient;
let tableName: string;

beforeAll(async () => {
  client = dynamodbClient();
  tableName = await freshTable();
});
afterAll(() => client.destroy());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const sharing = ['a layer each', 'one shared layer'] as const;
type Sharing = (typeof sharing)[number];

/** Gives each worker its layer. */
function layersOf(whose: Whose, how: Sharing): () => BasePersistenceLayer {
  if (how === 'a layer each') return () => newLayer(whose, tableName, client);
  const shared = newLayer(whose, tableName, client);
  return () => shared;
}

function configWith(remainingMs: number | undefined): IdempotencyConfig {
  const config = new IdempotencyConfig({});
  if (remainingMs !== undefined) config.registerLambdaContext(lambdaContext(remainingMs));
  return config;
}

/** A worker stalls until its lease is over, another takes over and completes, then the first one ends. */
async function afterTakeover(layer: () => BasePersistenceLayer, payload: string, endFirst: 'succeed' | 'fail') {
  const options = { config: configWith(30_000) };
  const first = startCall(layer(), payload, options);
  await first.started;
  jump(35_000);
  const second = startCall(layer(), payload, options);
  await second.started;
  second.succeed('second');
  await second.ended;

  if (endFirst === 'fail') first.fail();
  else first.succeed('first');
  const firstEnded = await first.ended;
  const again = vi.fn(async (_payload: unknown) => 'third');
  const thirdResult = await makeIdempotent(again, { ...options, persistenceStore: layer() })(payload);
  return { firstStatus: firstEnded.status, thirdResult, ranAgain: again.mock.calls.length > 0 };
}

describe('a worker whose lease ran out and that fails late', () => {
  it('erases the completion of another over their layer: the effect happens again', async () => {
    const seen = await afterTakeover(layersOf('theirs', 'a layer each'), 'late release, theirs', 'fail');
    expect(seen).toEqual({ firstStatus: 'rejected', thirdResult: 'third', ranAgain: true });
  });

  it.each(sharing)('changes nothing over ours, with %s', async (how) => {
    const seen = await afterTakeover(layersOf('ours', how), `late release, ours, ${how}`, 'fail');
    expect(seen).toEqual({ firstStatus: 'rejected', thirdResult: 'second', ranAgain: false });
  });
});

describe('a worker whose lease ran out and that succeeds late', () => {
  it('replaces the result of another over their layer, and is told that all is well', async () => {
    const seen = await afterTakeover(layersOf('theirs', 'a layer each'), 'late completion, theirs', 'succeed');
    expect(seen).toEqual({ firstStatus: 'fulfilled', thirdResult: 'first', ranAgain: false });
  });

  it.each(sharing)('is told over ours, and the result of the other stays, with %s', async (how) => {
    const seen = await afterTakeover(layersOf('ours', how), `late completion, ours, ${how}`, 'succeed');
    expect(seen).toEqual({ firstStatus: 'rejected', thirdResult: 'second', ranAgain: false });
  });
});

describe.each([
  ['with a remaining time of 0', 0],
  ['without a Lambda context', undefined],
])('after a crash %s', (name, remainingMs) => {
  /** What a redelivery finds, so long after the crash. */
  async function redelivered(whose: Whose, how: Sharing, afterMs: number): Promise<string> {
    const payload = `${name}, ${whose}, ${how}, after ${afterMs}`;
    const layer = layersOf(whose, how);
    const crashed = startCall(layer(), payload, { config: configWith(remainingMs) });
    await crashed.started;
    jump(afterMs);
    const options = { persistenceStore: layer(), config: configWith(30_000) };
    const call = makeIdempotent(async (_: unknown) => 'handled', options);
    try {
      return await call(payload);
    } catch (error) {
      return error instanceof Error ? error.name : 'thrown';
    } finally {
      // Over our layer the lease is renewed until the call ends.
      crashed.fail();
      await crashed.ended;
    }
  }

  it('the key is locked for most of an hour over their layer', async () => {
    expect(await redelivered('theirs', 'a layer each', 3_500_000)).toBe('IdempotencyAlreadyInProgressError');
  });

  it.each(sharing)('the key is free over ours once the lease is over, and not before, with %s', async (how) => {
    expect(await redelivered('ours', how, 29_000)).toBe('IdempotencyAlreadyInProgressError');
    expect(await redelivered('ours', how, 33_000)).toBe('handled');
  });
});
