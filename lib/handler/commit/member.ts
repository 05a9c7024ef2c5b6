import type { Effect } from '../../core/effects/effect.ts';
import type { StoreError } from '../../ports/store-error.ts';
import type { Entry } from '../run/entry.ts';

/**
 * What came of a member's commit. `Reviewed` is what a mode learns when it looks why the commit was refused.
 *
 * - `committed`: its effects were written, or none of them was by the wish of `onConditionFailed: 'skip'`.
 * - `conditionFailed`: the condition of that effect did not hold, and the record did not take effect before.
 * - `invalid`: the store cannot take its effects.
 * - `failed`: it was not written, or nobody knows.
 * - `dropped`: a record before it in its unit is not done.
 */
export type Ended<Reviewed> =
  | { readonly kind: 'committed' }
  | { readonly kind: 'conditionFailed'; readonly effectIndex: number }
  | { readonly kind: 'invalid'; readonly error: StoreError }
  | { readonly kind: 'failed'; readonly error: StoreError }
  | { readonly kind: 'reviewed'; readonly reviewed: Reviewed }
  | { readonly kind: 'dropped' };

/** A record that is handled and ready to commit. */
export interface Member<Reviewed> {
  readonly entry: Entry;
  effects: readonly Effect[];
  /** Commits in no group. */
  alone: boolean;
  /** The most members that a group with it may have. */
  mostTogether: number;
  /**
   * Told once what came of it; nothing more of its unit commits before that is over. Answers whether those behind it may:
   * whether it is done.
   */
  settle(ended: Ended<Reviewed>): Promise<boolean>;
}
