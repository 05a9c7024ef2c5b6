import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamoDbStore } from '../../../lib/adapters/dynamodb/dynamodb-store.ts';
import { KafkaOncePersistenceLayer } from '../../../lib/powertools/index.ts';
import { dynamodbClient, freshTable } from '../../support/fresh.ts';
import { lambdaContext } from '../../unit/powertools/lambda-context.ts';

let client: DynamoDBClient;
let tableName: string;

beforeAll(async () => {
  client = dynamodbClient();
  tableName = await freshTable();
});
afterAll(() => client.destroy());

function newLayer(): KafkaOncePersistenceLayer {
  return new KafkaOncePersistenceLayer({ store: dynamoDbStore({ tableName, client }) });
}

describe('makeIdempotent over the layer on a real table', () => {
  it('gives the stored result to a second call, in this process and in another', async () => {
    const charge = vi.fn(async (_order: unknown) => ({ paid: true, cents: 1299, lines: ['a', null] }));
    const layer = newLayer();
    const first = await makeIdempotent(charge, { persistenceStore: layer })({ orderId: 'o-1' });
    expect(await makeIdempotent(charge, { persistenceStore: layer })({ orderId: 'o-1' })).toEqual(first);
    expect(await makeIdempotent(charge, { persistenceStore: newLayer() })({ orderId: 'o-1' })).toEqual(first);
    expect(charge).toHaveBeenCalledTimes(1);
  });

  it('wraps a whole Lambda handler, whose context it registers', async () => {
    const handler = vi.fn(async (event: { id: string }, _context: unknown) => `handled ${event.id}`);
    const wrapped = makeIdempotent(handler, { persistenceStore: newLayer(), keyPrefix: 'handler' });
    expect(await wrapped({ id: '1' }, lambdaContext(60_000))).toBe('handled 1');
    expect(await wrapped({ id: '1' }, lambdaContext(60_000))).toBe('handled 1');
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('runs each of many concurrent calls on one instance once, two functions and duplicates included', async () => {
    const layer = newLayer();
    const effects: string[] = [];
    const make = (name: string) =>
      makeIdempotent(
        async (order: { id: number }) => {
          effects.push(`${name} ${order.id}`);
          await Promise.resolve();
          return `${name} ${order.id} done`;
        },
        { persistenceStore: layer, keyPrefix: name, config: new IdempotencyConfig({ eventKeyJmesPath: 'id' }) },
      );
    const [charge, mail] = [make('charge'), make('mail')];
    const orders = Array.from({ length: 25 }, (_, index) => ({ id: index + 1 }));
    const calls = orders.flatMap((order) => [charge(order), mail(order), charge(order), mail({ ...order })]);
    const settled = await Promise.allSettled(calls);

    const expected = orders.flatMap(({ id }) => [`charge ${id}`, `mail ${id}`]);
    expect([...effects].sort()).toEqual([...expected].sort());
    for (const one of settled) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ name: 'IdempotencyAlreadyInProgressError' });
    }
    expect(settled.filter((one) => one.status === 'fulfilled').length).toBeGreaterThanOrEqual(50);
    for (const { id } of orders) {
      expect(await charge({ id })).toBe(`charge ${id} done`);
      expect(await mail({ id })).toBe(`mail ${id} done`);
    }
    expect(effects).toHaveLength(50);
  });

  it('lets exactly one of many processes in after a failure, each time with a greater fence', async () => {
    const fences: (number | undefined)[] = [];
    let mostRunning = 0;
    for (let round = 1; round <= 3; round += 1) {
      const layers = Array.from({ length: 8 }, newLayer);
      let running = 0;
      const settled = await Promise.allSettled(
        layers.map((layer) =>
          makeIdempotent(
            async (_payload: string) => {
              running += 1;
              mostRunning = Math.max(mostRunning, running);
              fences.push(layer.currentClaim()?.fence);
              await layer.getRecord('contended');
              running -= 1;
              throw new Error('declined');
            },
            { persistenceStore: layer, keyPrefix: 'contended' },
          )('contended'),
        ),
      );
      expect(settled.every((one) => one.status === 'rejected')).toBe(true);
    }
    expect(mostRunning).toBe(1);
    expect(fences.length).toBeGreaterThanOrEqual(3);
    expect(fences).toEqual(fences.map((_, index) => index + 1));
  });

  it('marks the effect though its result is over 400 KB', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const charge = vi.fn(async (_payload: string) => 'x'.repeat(500_000));
    const once = makeIdempotent(charge, { persistenceStore: newLayer() });
    expect(await once('large')).toHaveLength(500_000);
    expect(await once('large')).toBeUndefined();
    expect(charge).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('cannot be stored'));
    warn.mockRestore();
  });
});
