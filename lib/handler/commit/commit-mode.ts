import type { Commit } from '../../ports/commit-store.ts';
import type { StoreError } from '../../ports/store-error.ts';
import type { Member } from './member.ts';

/** Why a member that was refused alone was refused, as a consistent read shows it. */
export type Review<Reviewed> =
  /** Marker or position are as they were: the refusal is to be believed. */
  | { readonly kind: 'same' }
  /** They have changed in a way that does not matter; the member knows of it now. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'final'; readonly reviewed: Reviewed }
  | { readonly kind: 'failed'; readonly error: StoreError };

/** What differs between the modes that commit effects. */
export interface CommitMode<Reviewed, M extends Member<Reviewed>> {
  /** Whether each record has a write of its own beside its effects (its marker), or each unit (its position). */
  readonly extraWrite: 'perRecord' | 'perUnit';
  /** The writes of a group: one for each record or each unit, in the order of the members, then all effects. */
  writesOf(members: readonly M[]): Omit<Commit, 'token'>;
  /** Reads what stands against a member. No refusal is believed before. */
  review(member: M): Promise<Review<Reviewed>>;
  /** Leaves out what is not needed of a member that the store cannot hold; false: nothing can be left out. */
  lighten(member: M): boolean;
  /** Told of a group that was written, before its members are. */
  committed(members: readonly M[]): void;
}
