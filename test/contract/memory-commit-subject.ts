import { readAttributes } from '../../lib/adapters/memory/values/read-attribute.ts';
import { writeDocument } from '../../lib/adapters/memory/values/write-document.ts';
import type { AttributeMap } from '../../lib/core/effects/attribute-value.ts';
import { type MemoryStoreOptions, memoryStore } from '../../lib/testing/index.ts';
import type { CommitStoreUnderTest } from './commit-store.support.ts';

/** A memory store with the tables of the contract. */
export function memorySubject(options: MemoryStoreOptions = {}): CommitStoreUnderTest {
  const tables = {
    Orders: { partitionKey: 'orderId' },
    Stock: { partitionKey: 'sku', sortKey: { name: 'place', type: 'N' } },
  } as const;
  const store = memoryStore({ ...options, tables });
  const plain = (attributes: AttributeMap) => writeDocument(readAttributes(attributes));
  return {
    store,
    orders: 'Orders',
    stock: 'Stock',
    putItem: async (table, item) => store.putItem(table, plain(item)),
    getItem: async (table, key) => store.rawItem(table, plain(key)),
    poke: async (idempotencyKey, marker) => store.poke(idempotencyKey, marker),
  };
}
