import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { expect, it } from 'vitest';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { KafkaOncePersistenceLayer } from '../../../lib/powertools/index.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';

it('takes the lease of another process for over only clockSkewMs after its end', async () => {
  const store = new MemoryStore();
  const startMs = Date.now();
  const processAt = (afterMs: number, seed: number) => {
    const clock = new FakeClock(startMs + afterMs);
    const randomness = new SeededRandomness(seed);
    const terms = { leaseMs: 10_000, clockSkewMs: 2_000 };
    return { clock, persistenceStore: new KafkaOncePersistenceLayer({ store, clock, randomness, ...terms }) };
  };

  const dead = processAt(0, 1);
  void makeIdempotent((_order: unknown) => new Promise(() => undefined), dead)({ id: 1 });
  await dead.clock.settle();
  expect(store.keys()).toHaveLength(1);

  const again = async (_order: unknown) => 'again';
  await expect(makeIdempotent(again, processAt(11_000, 2))({ id: 1 })).rejects.toMatchObject({
    name: 'IdempotencyAlreadyInProgressError',
  });
  expect(await makeIdempotent(again, processAt(12_001, 3))({ id: 1 })).toBe('again');
});
