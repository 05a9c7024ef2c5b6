/**
 * Why a store could not carry out an operation.
 *
 * - `unavailable`: passing (throttled, unreachable, timed out, a server error). Trying again is right.
 * - `configuration`: it will not go away by itself (no such table, access denied, bad credentials, wrong key schema).
 * - `unstorable`: this one item cannot be stored (too large, a value the store has no form for).
 */
export type StoreErrorKind = 'unavailable' | 'configuration' | 'unstorable';

/** A failed store operation. Its message names table and cause, never the contents of a record. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
