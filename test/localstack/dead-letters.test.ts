import { expect, it, vi } from 'vitest';
import { ownResources } from './deployed.ts';

vi.mock(import('../support/fresh.ts'), async (original) => {
  const { deployedBucket, deployedQueue } = await import('./deployed.ts');
  return { ...(await original()), freshQueue: deployedQueue, freshBucket: deployedBucket };
});

const before = await ownResources();

// The dead-letter contract on the deployed queue and bucket.
await import('../contract/sqs-dead-letters.test.ts');

it('ran on the deployed queue and bucket', async () => {
  expect(await ownResources()).toEqual(before);
});
