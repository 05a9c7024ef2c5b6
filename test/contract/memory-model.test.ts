import fc from 'fast-check';
import { it } from 'vitest';
import { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { followsTheModel, histories } from './store-model.ts';

it('MemoryStore behaves as the model of the port does, whatever the history', async () => {
  const store = new MemoryStore();
  await fc.assert(
    fc.asyncProperty(histories, (history) => followsTheModel(store, history)),
    { numRuns: 500 },
  );
});
