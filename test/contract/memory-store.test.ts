import { describe } from 'vitest';
import { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

describe('MemoryStore', () => {
  const store = new MemoryStore();
  idempotencyStoreContract(() => store);
});
