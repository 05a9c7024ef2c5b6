import type { Marker } from '../../core/claim/marker.ts';
import type { StoreError } from '../../ports/store-error.ts';
import type { Entry, Prepared } from '../run/entry.ts';
import type { HeldClaim } from './held-claim.ts';

/** What came of asking for a record's claim. */
export type Acquired =
  | { readonly kind: 'claimed'; readonly claim: HeldClaim }
  /** Completed before under its idempotency key, or dead-lettered before under its coordinates. */
  | { readonly kind: 'duplicate' }
  /** Completed before, with another payload. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'busy'; readonly freeAtMs: number }
  /** The outcome of an earlier claim is unknown: to be claimed alone. */
  | { readonly kind: 'suspect'; readonly seen: Marker }
  | { readonly kind: 'failed'; readonly error: StoreError }
  | { readonly kind: 'noTime' };

/** A record whose claim is wanted. */
export interface Wanted {
  readonly entry: Entry;
  readonly prepared: Prepared;
}
