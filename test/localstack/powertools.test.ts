import { expect, it, vi } from 'vitest';
import { itemsOf, output, ownResources } from './deployed.ts';

vi.mock(import('../support/fresh.ts'), async (original) => {
  const { deployedTable } = await import('./deployed.ts');
  return { ...(await original()), freshTable: deployedTable };
});

const before = await ownResources();

// The real Powertools and ours on the deployed table.
await import('../contract/dynamodb-powertools.test.ts');
await import('../integration/powertools/four-faults.test.ts');
await import('../integration/powertools/interop.test.ts');
await import('../integration/powertools/make-idempotent.test.ts');

it('ran on the deployed table', async () => {
  expect(await itemsOf(output('IdempotencyTableName'))).not.toEqual([]);
  expect(await ownResources()).toEqual(before);
});
