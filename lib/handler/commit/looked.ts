import type { Marker } from '../../core/claim/marker.ts';
import type { StoreError } from '../../ports/store-error.ts';

/** What the markers say of a record that is not claimed. */
export type Looked =
  /** It may be handled. `seen`: the marker that its own will replace, if there is one. */
  | { readonly kind: 'free'; readonly seen: Marker | undefined }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'busy'; readonly freeAtMs: number }
  | { readonly kind: 'failed'; readonly error: StoreError };

/** What of it stands against a commit. */
export type InTheWay = Exclude<Looked, { readonly kind: 'free' | 'failed' }>;
