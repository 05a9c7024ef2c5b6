import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import type { Marker } from '../../lib/core/claim/marker.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';

/** A change of a marker that its writer had no right to make. */
export interface Trespass {
  readonly operation: string;
  readonly by: string;
  readonly before: Marker | undefined;
}

/** Watches every fenced write: it may change a marker only while that is in progress under the writer's own claim. */
export function watchedStore(store: MemoryStore, trespasses: Trespass[]): IdempotencyStore {
  async function watch<W extends { readonly idempotencyKey: string; readonly owner: string }, R>(
    operation: string,
    writes: readonly W[],
    call: () => Promise<R>,
  ): Promise<R> {
    const before = writes.map((write) => store.peek(write.idempotencyKey));
    const result = await call();
    writes.forEach((write, index) => {
      const was = before[index];
      const isOwn = was?.status === 'INPROGRESS' && was.owner === write.owner;
      const isChanged = store.peek(write.idempotencyKey) !== was;
      if (isChanged && !isOwn) trespasses.push({ operation, by: write.owner, before: was });
    });
    return result;
  }
  return {
    insert: (claims, call) => store.insert(claims, call),
    takeOver: (claims, call) => store.takeOver(claims, call),
    renew: (renewals, call) => watch('renew', renewals, () => store.renew(renewals, call)),
    complete: (completions, call) => watch('complete', completions, () => store.complete(completions, call)),
    release: (releases, call) => watch('release', releases, () => store.release(releases, call)),
    read: (keys, call) => store.read(keys, call),
    markCompleted: (markers, call) => store.markCompleted(markers, call),
  };
}
