import { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';

/** The operations of a memory store, some of them replaced. */
export function storeWith(
  replaced: Partial<IdempotencyStore>,
  store: MemoryStore = new MemoryStore(),
): IdempotencyStore {
  return {
    insert: (claims, call) => store.insert(claims, call),
    takeOver: (claims, call) => store.takeOver(claims, call),
    renew: (renewals, call) => store.renew(renewals, call),
    complete: (completions, call) => store.complete(completions, call),
    release: (releases, call) => store.release(releases, call),
    read: (keys, call) => store.read(keys, call),
    markCompleted: (markers, call) => store.markCompleted(markers, call),
    ...replaced,
  };
}
