import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { KafkaOncePersistenceLayer } from '../../../lib/powertools/index.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';

/** A layer of a user who calls what Powertools asks of a persistence layer. */
class OpenLayer extends KafkaOncePersistenceLayer {
  update(idempotencyKey: string): Promise<void> {
    const responseData = 'written by hand';
    return this._updateRecord(new IdempotencyRecord({ idempotencyKey, status: 'COMPLETED', responseData }));
  }

  delete(idempotencyKey: string): Promise<void> {
    return this._deleteRecord(new IdempotencyRecord({ idempotencyKey, status: 'INPROGRESS' }));
  }
}

/**
 * Two calls under way on one layer, `first` and `second`; `acting` is what the function of `first` does, told both keys.
 */
async function twoCalls(acting: (layer: OpenLayer, own: string, other: string) => Promise<unknown>) {
  const clock = new FakeClock(Date.now());
  const store = new MemoryStore();
  const layer = new OpenLayer({ store, clock, randomness: new SeededRandomness(1) });
  const both = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  let other = '';
  let during: unknown;
  const first = makeIdempotent(
    async (_: unknown) => {
      await both.promise;
      during = await acting(layer, layer.currentClaim()?.idempotencyKey ?? '', other);
      await end.promise;
      return 'first';
    },
    { persistenceStore: layer, keyPrefix: 'first' },
  )('a');
  const second = makeIdempotent(
    async (_: unknown) => {
      other = layer.currentClaim()?.idempotencyKey ?? '';
      both.resolve();
      await end.promise;
      return 'second';
    },
    { persistenceStore: layer, keyPrefix: 'second' },
  )('a');
  const ended = Promise.allSettled([first, second]);
  await clock.settle();
  return { clock, store, during, end: end.resolve, ended, keys: store.keys() };
}

/** What came of it, as a value: an error must not end the function that looks. */
async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error;
  }
}

function statuses({ store, keys }: Awaited<ReturnType<typeof twoCalls>>): unknown[] {
  return keys.map((key) => [key.split('#')[0], store.peek(key)?.status, store.peek(key)?.owner !== undefined]);
}

describe('a record that is written by its key', () => {
  it('is completed under the claim on that key', async () => {
    const calls = await twoCalls((layer, own) => outcomeOf(layer.update(own)));
    expect(calls.during).toBeUndefined();
    expect(statuses(calls)).toEqual([
      ['first', 'COMPLETED', true],
      ['second', 'INPROGRESS', true],
    ]);
    expect(calls.keys.map((key) => calls.store.peek(key)?.result)).toEqual(['written by hand', undefined]);
  });

  it('is not completed under the claim on another key: neither of the two is', async () => {
    const calls = await twoCalls((layer, _own, other) => outcomeOf(layer.update(other)));
    expect(calls.during).toMatchObject({ message: expect.stringContaining('holds no claim') });
    expect(statuses(calls)).toEqual([
      ['first', 'INPROGRESS', true],
      ['second', 'INPROGRESS', true],
    ]);
    calls.end();
    expect(await calls.ended).toEqual([
      { status: 'fulfilled', value: 'first' },
      { status: 'fulfilled', value: 'second' },
    ]);
    expect(calls.keys.map((key) => calls.store.peek(key)?.result)).toEqual(['first', 'second']);
    expect(calls.clock.pending).toBe(0);
  });

  it('is not released under the claim on another key: neither of the two is', async () => {
    const calls = await twoCalls((layer, _own, other) => outcomeOf(layer.delete(other)));
    expect(statuses(calls)).toEqual([
      ['first', 'INPROGRESS', true],
      ['second', 'INPROGRESS', true],
    ]);
    calls.end();
    expect((await calls.ended).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(calls.clock.pending).toBe(0);
  });

  it('is released under the claim on that key', async () => {
    const calls = await twoCalls((layer, own) => outcomeOf(layer.delete(own)));
    expect(statuses(calls)).toEqual([
      ['first', 'INPROGRESS', false],
      ['second', 'INPROGRESS', true],
    ]);
  });

  it('is not completed where nothing is claimed', async () => {
    const store = new MemoryStore();
    const layer = new OpenLayer({ store, clock: new FakeClock(), randomness: new SeededRandomness(1) });
    await expect(layer.update('somebody#else')).rejects.toThrow('holds no claim');
    await layer.delete('somebody#else');
    expect(store.count('complete')).toEqual({ calls: 0, items: 0 });
    expect(store.count('release')).toEqual({ calls: 0, items: 0 });
  });
});
