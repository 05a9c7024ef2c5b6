import { describe } from 'vitest';
import { commitStoreContract } from './commit-store.contract.ts';
import { expressionsContract } from './expressions.contract.ts';
import { memorySubject } from './memory-commit-subject.ts';

describe('MemoryStore', () => {
  const subject = memorySubject();
  commitStoreContract(() => subject);
  expressionsContract(() => subject);
});

describe('MemoryStore that cancels for misfits', () => {
  const subject = memorySubject({ misfits: 'cancel' });
  commitStoreContract(() => subject);
  expressionsContract(() => subject);
});
