import type { Marker } from '../../core/claim/marker.ts';
import type {
  ClaimResult,
  ClaimWrite,
  CompletedWrite,
  CompleteResult,
  CompleteWrite,
  Failed,
  IdempotencyStore,
  MarkResult,
  ReadResult,
  ReleaseResult,
  ReleaseWrite,
  RenewResult,
  RenewWrite,
  StoreCall,
  TakeOverWrite,
} from '../../ports/idempotency-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { StoreFault, StoreFaults, StoreOperation } from './fault.ts';
import * as apply from './operations.ts';

/** Settings of a `MemoryStore`, all for tests of what happens when a store misbehaves. */
export interface MemoryStoreOptions {
  /** Asked once a call, after `delay`; none by default. */
  readonly faults?: StoreFaults;
  /** Awaited before a call has its effect, so that calls can be held back or reordered; none by default. */
  readonly delay?: (operation: StoreOperation, idempotencyKeys: readonly string[]) => Promise<void> | undefined;
}

/** How often an operation was called and for how many items; an empty list is no call. */
export interface OperationCount {
  readonly calls: number;
  readonly items: number;
}

/**
 * An idempotency store in this process's memory, for tests: it forgets everything when the process ends, and two
 * environments of a function would not see each other's claims.
 */
export class MemoryStore implements IdempotencyStore {
  readonly #markers = new Map<string, Marker>();
  readonly #counts = new Map<StoreOperation, OperationCount>();
  readonly #options: MemoryStoreOptions;

  constructor(options: MemoryStoreOptions = {}) {
    this.#options = options;
  }

  /** The marker of a key as it is now, without a call. */
  peek(idempotencyKey: string): Marker | undefined {
    return this.#markers.get(idempotencyKey);
  }

  /** Puts a marker in place without a call; undefined removes it. */
  poke(idempotencyKey: string, marker: Marker | undefined): void {
    if (marker === undefined) {
      this.#markers.delete(idempotencyKey);
    } else {
      this.#markers.set(idempotencyKey, marker);
    }
  }

  /** All keys that have a marker, in the order of their first writing. */
  keys(): readonly string[] {
    return [...this.#markers.keys()];
  }

  count(operation: StoreOperation): OperationCount {
    return this.#counts.get(operation) ?? { calls: 0, items: 0 };
  }

  insert(claims: readonly ClaimWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
    return this.#run('insert', claims, keyOf, call, apply.insert);
  }

  takeOver(claims: readonly TakeOverWrite[], call: StoreCall): Promise<readonly ClaimResult[]> {
    return this.#run('takeOver', claims, keyOf, call, apply.takeOver);
  }

  renew(renewals: readonly RenewWrite[], call: StoreCall): Promise<readonly RenewResult[]> {
    return this.#run('renew', renewals, keyOf, call, apply.renew);
  }

  complete(completions: readonly CompleteWrite[], call: StoreCall): Promise<readonly CompleteResult[]> {
    return this.#run('complete', completions, keyOf, call, apply.complete);
  }

  release(releases: readonly ReleaseWrite[], call: StoreCall): Promise<readonly ReleaseResult[]> {
    return this.#run('release', releases, keyOf, call, apply.release);
  }

  read(idempotencyKeys: readonly string[], call: StoreCall): Promise<readonly ReadResult[]> {
    return this.#run('read', idempotencyKeys, (key) => key, call, apply.read);
  }

  markCompleted(markers: readonly CompletedWrite[], call: StoreCall): Promise<readonly MarkResult[]> {
    return this.#run('markCompleted', markers, keyOf, call, apply.markCompleted);
  }

  async #run<Item, Result>(
    operation: StoreOperation,
    items: readonly Item[],
    keyOfItem: (item: Item) => string,
    call: StoreCall,
    applyTo: (markers: Map<string, Marker>, item: Item) => Result,
  ): Promise<readonly (Result | Failed)[]> {
    if (items.length === 0) {
      return [];
    }
    const keys = items.map(keyOfItem);
    const before = this.count(operation);
    this.#counts.set(operation, { calls: before.calls + 1, items: before.items + items.length });
    if (!(await arrives(this.#options.delay?.(operation, keys), call.signal))) {
      return items.map(() => unavailable(operation, 'the call was aborted'));
    }
    const fault = this.#options.faults?.(operation, keys);
    return items.map((item) => {
      const itemFault = typeof fault === 'object' ? fault.get(keyOfItem(item)) : fault;
      return this.#runOne(operation, item, itemFault, applyTo);
    });
  }

  #runOne<Item, Result>(
    operation: StoreOperation,
    item: Item,
    fault: StoreFault | undefined,
    applyTo: (markers: Map<string, Marker>, item: Item) => Result,
  ): Result | Failed {
    if (fault === 'throttle') {
      return unavailable(operation, 'throttled');
    }
    if (fault === 'cutBefore') {
      return unavailable(operation, 'the connection was lost');
    }
    try {
      const result = applyTo(this.#markers, item);
      return fault === 'cutAfter' ? unavailable(operation, 'the connection was lost') : result;
    } catch (error) {
      if (error instanceof StoreError) {
        return { kind: 'failed', error };
      }
      throw error;
    }
  }
}

function keyOf(item: { readonly idempotencyKey: string }): string {
  return item.idempotencyKey;
}

function unavailable(operation: StoreOperation, why: string): Failed {
  return { kind: 'failed', error: new StoreError('unavailable', `Memory store: ${operation} failed: ${why}.`) };
}

/** Whether a request gets through, having waited for `delay`, before its signal is aborted. */
async function arrives(delay: Promise<void> | undefined, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) {
    return false;
  }
  const aborted = Promise.withResolvers<void>();
  const onAbort = () => aborted.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([delay, aborted.promise]);
  signal.removeEventListener('abort', onAbort);
  return !signal.aborted;
}
