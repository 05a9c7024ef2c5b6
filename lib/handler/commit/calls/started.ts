import type { Effect } from '../../../core/effects/effect.ts';
import type { StoreError } from '../../../ports/store-error.ts';
import type { HandlerResult } from '../../run/run-handler.ts';

/** How the handling of a record ended, or why it was not started. */
export type Started =
  | (HandlerResult & { readonly kind: 'threw' | 'unsettled' })
  | (HandlerResult & { readonly kind: 'resolved' } & {
      readonly effects: readonly Effect[];
      readonly startedAtMs: number;
    })
  | { readonly kind: 'stopped' | 'notAttempted' | 'keyHeld' }
  | { readonly kind: 'keyUnread' | 'uncounted'; readonly error: StoreError };

/** To be handled again, in a call for no more records than this. */
export interface Again {
  readonly kind: 'again';
  readonly most: number;
}
