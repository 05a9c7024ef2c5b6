import type { IdempotencyStore } from '../../ports/idempotency-store.ts';

export type StoreOperation = keyof IdempotencyStore;

/**
 * What goes wrong with a request.
 *
 * - `throttle`: refused, nothing written.
 * - `cutBefore`: the connection is lost and nothing was written.
 * - `cutAfter`: everything was written and the answer is lost.
 *
 * The caller cannot tell the two cuts apart: all are `failed`, `unavailable`.
 */
export type StoreFault = 'throttle' | 'cutBefore' | 'cutAfter';

/** Decides on the fault of a call: of all its keys, or key by key. */
export type StoreFaults = (
  operation: StoreOperation,
  idempotencyKeys: readonly string[],
) => StoreFault | ReadonlyMap<string, StoreFault> | undefined;
