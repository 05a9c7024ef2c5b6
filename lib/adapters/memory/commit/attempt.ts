import type { CancellationReason } from '../../../ports/commit-store.ts';

/** A write that could be done now, or why not. */
export type Attempt =
  | { readonly write: () => void; readonly reason?: never }
  | { readonly reason: Exclude<CancellationReason, 'none'>; readonly write?: never };
