import type { CommitStore } from '../../ports/commit-store.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';

export type StoreOperation = keyof IdempotencyStore | Exclude<keyof CommitStore, 'tableName'>;

/** A request that is answered as lost and carried out just before the next one of an operation. */
export interface LateFault {
  readonly lateBefore: StoreOperation;
}

/**
 * What goes wrong with a request.
 *
 * - `throttle`: refused, nothing written.
 * - `conflict`: refused because another transaction works on the item, nothing written.
 * - `cutBefore`: the connection is lost and nothing was written.
 * - `cutAfter`: everything was written and the answer is lost.
 * - `late`: the connection is lost, and what was asked for happens later, when the test calls `carryOutLate()`; or
 *   before the next request of an operation, with `{ lateBefore: 'commit' }`.
 *
 * The caller cannot tell them apart: all are `failed`, `unavailable`. But `conflict` cancels a commit, with that reason for
 * each write.
 */
export type StoreFault = 'throttle' | 'conflict' | 'cutBefore' | 'cutAfter' | 'late' | LateFault;

/** A fault of the call, or one for some of its keys. */
export type StoreFaultChoice = StoreFault | ReadonlyMap<string, StoreFault> | undefined;

/**
 * Decides on the fault of a call: of all its keys, or key by key.
 *
 * The keys of a commit are those of its marks and positions, then `Orders/o-1` or `Stock/s-1/shelf` for an effect on an item
 * of a table (of which the table alone, if it is none of the store's). `throttle` and `conflict` of some keys cancel the
 * commit, with these reasons at their places; of any other fault there the commit is hit as a whole.
 */
export type StoreFaults = (operation: StoreOperation, keys: readonly string[]) => StoreFaultChoice;
