import type { Marker } from '../core/claim/marker.ts';
import type { Effect } from '../core/effects/effect.ts';
import type { Position } from '../core/position/position.ts';
import type { Failed, StoreCall } from './idempotency-store.ts';
import type { StoreError } from './store-error.ts';

/** The COMPLETED marker of a record. */
export interface MarkWrite {
  readonly idempotencyKey: string;
  /** The marker that was read and may be replaced; undefined: there must be none. */
  readonly seen: Marker | undefined;
  readonly attempts: number;
  readonly expiresAtSeconds: number;
  readonly fingerprint: string | undefined;
  /** A JSON value to keep as `data`; undefined keeps none. */
  readonly result: unknown;
  readonly source: string | undefined;
}

/** Moves the position of a topic-partition. */
export interface PositionWrite {
  readonly positionKey: string;
  /** The position as it was read; undefined: there must be none. */
  readonly expected: Position | undefined;
  readonly next: Position;
  /** `<topic>-<partition>`, for people who look at the item. */
  readonly source: string;
}

/** Writes that happen together or not at all. */
export interface Commit {
  /** Unique to these writes in this order; given again with exactly the same writes, it asks for nothing twice. */
  readonly token: string;
  readonly marks: readonly MarkWrite[];
  readonly positions: readonly PositionWrite[];
  readonly effects: readonly Effect[];
}

/**
 * What a cancelled commit says of one of its writes.
 *
 * - `none`: nothing against it.
 * - `conditionFailed`: its condition did not hold, or the marker or position was not as seen.
 * - `conflict`, `throttled`: passing; try again later.
 * - `invalid`: the write itself cannot be done, whatever the state of others.
 */
export type CancellationReason = 'none' | 'conditionFailed' | 'conflict' | 'throttled' | 'invalid';

/**
 * - `committed`: all of it was written, now or by an earlier try with the same token.
 * - `cancelled`: nothing was written; a reason for each write (marks, then positions, then effects, each in order), or
 *   undefined where the store could not tell.
 * - `refused`: nothing was written, and nothing says which write is to blame; `unstorable` or `configuration`.
 * - `failed` (always `unavailable`): nobody knows whether it was, or will be, written.
 */
export type CommitResult =
  | { readonly kind: 'committed' }
  | { readonly kind: 'cancelled'; readonly reasons: readonly CancellationReason[] | undefined }
  | { readonly kind: 'refused'; readonly error: StoreError }
  | Failed;

/** `existing`: refused, and this marker was read (consistently) afterwards. `gone`: refused, but then there was none. */
export type SetMarkResult =
  | { readonly kind: 'marked' }
  | { readonly kind: 'existing'; readonly marker: Marker }
  | { readonly kind: 'gone' }
  | Failed;

export type ReadPositionResult = { readonly kind: 'read'; readonly position: Position | undefined } | Failed;

/**
 * Where markers, positions and effects commit together.
 *
 * For every operation: it never rejects, an empty list costs nothing, and no key occurs twice in one call (the caller sees
 * to it).
 *
 * - `commit` carries out all writes of one `Commit` atomically, if every condition holds: a mark's marker is still as `seen`
 *   (status, expiration, lease, owner and fence unchanged; its fence grows by one), a position is still as `expected`
 *   (`nextOffset` and `generation` unchanged), the conditions of the effects hold. The same token with the same writes
 *   is idempotent for ten minutes. No writes, or more than 100, are `refused` as `unstorable`; a mark whose result has no
 *   form in the store is `invalid`.
 * - `setMarks` writes each mark on its own under the same condition.
 * - `readPositions` is consistent: it sees every commit that was answered before. A position never expires.
 */
export interface CommitStore {
  /** The table of the markers, where it is one that effects could name: they must not. */
  readonly tableName?: string;
  commit(commit: Commit, call: StoreCall): Promise<CommitResult>;
  setMarks(marks: readonly MarkWrite[], call: StoreCall): Promise<readonly SetMarkResult[]>;
  readPositions(positionKeys: readonly string[], call: StoreCall): Promise<readonly ReadPositionResult[]>;
}
