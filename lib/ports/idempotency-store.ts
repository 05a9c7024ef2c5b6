import type { Marker } from '../core/claim/marker.ts';
import type { StoreError } from './store-error.ts';

/** The claim to be written. `fence` is 1 on insert and the seen fence + 1 on takeover. */
export interface ClaimWrite {
  readonly idempotencyKey: string;
  readonly owner: string;
  readonly fence: number;
  readonly attempts: number;
  readonly alone: boolean;
  readonly leaseUntilMs: number;
  readonly expiresAtSeconds: number;
  readonly fingerprint: string | undefined;
  readonly source: string | undefined;
}

/** A claim on a key whose marker was seen and judged free. */
export interface TakeOverWrite extends ClaimWrite {
  readonly seen: Marker;
}

export interface RenewWrite {
  readonly idempotencyKey: string;
  readonly owner: string;
  readonly leaseUntilMs: number;
}

export interface CompleteWrite {
  readonly idempotencyKey: string;
  readonly owner: string;
  readonly expiresAtSeconds: number;
  readonly fingerprint: string | undefined;
  /** A JSON value to keep as `data`; undefined keeps none. */
  readonly result: unknown;
}

/**
 * Ends a claim without a completion.
 *
 * - `keep` leaves the marker free, with the given count of attempts.
 * - `erase` deletes it: for a claim that made the marker and that nobody acted on.
 * - `unknown` leaves it with its owner and its lease over: what the claim before this one came to is unknown and stays so.
 */
export type ReleaseWrite =
  | { readonly idempotencyKey: string; readonly owner: string; readonly to: 'keep'; readonly attempts: number }
  | { readonly idempotencyKey: string; readonly owner: string; readonly to: 'erase' }
  | {
      readonly idempotencyKey: string;
      readonly owner: string;
      readonly to: 'unknown';
      readonly attempts: number;
      readonly alone: boolean;
    };

export interface CompletedWrite {
  readonly idempotencyKey: string;
  readonly expiresAtSeconds: number;
  readonly fingerprint: string | undefined;
  readonly source: string | undefined;
}

export interface Failed {
  readonly kind: 'failed';
  readonly error: StoreError;
}

/** `existing`: refused, and this marker was read (consistently) afterwards. `gone`: refused, but then there was none. */
export type ClaimResult =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'existing'; readonly marker: Marker }
  | { readonly kind: 'gone' }
  | Failed;
/** `refused`: the marker is no longer in progress under this owner. */
export type RenewResult = { readonly kind: 'renewed' } | { readonly kind: 'refused' } | Failed;
/** `refused` carries the marker as read (consistently) after the refusal; undefined if there was none. */
export type CompleteResult =
  | { readonly kind: 'completed' }
  | { readonly kind: 'refused'; readonly marker: Marker | undefined }
  | Failed;
export type ReleaseResult = { readonly kind: 'released' } | { readonly kind: 'refused' } | Failed;
export type ReadResult = { readonly kind: 'read'; readonly marker: Marker | undefined } | Failed;
export type MarkResult = { readonly kind: 'marked' } | Failed;

/** `signal` ends an operation that would outlast the invocation; what it did is then unknown: `failed`, `unavailable`. */
export interface StoreCall {
  readonly signal: AbortSignal;
}

/**
 * Where markers live: linearisable conditional writes on single keys, nothing more. It knows no rule of claims; those
 * are pure functions in `core/claim`.
 *
 * For every operation:
 * - It takes many items and answers one result for each, in order. It never rejects: trouble is a `failed` result, of
 *   the one item or of all. An empty list costs nothing.
 * - No key occurs twice in one call (the caller sees to it).
 * - Each item is atomic; the call as a whole is not.
 * - After `failed` the write may or may not have happened. Doing the same again is safe: a claim finds its own owner in
 *   an `existing` marker, a completion finds it in the `refused` one.
 *
 * Per operation:
 * - `insert` writes an INPROGRESS marker only where there is none at all. It does not judge an existing one, expired or
 *   not: it returns it.
 * - `takeOver` replaces the marker only if it is still the `seen` one (status, expiration, lease, owner and fence are
 *   all unchanged). It drops the old result and fingerprint.
 * - `renew`, `complete` and `release` happen only while the marker is INPROGRESS **and** held by `owner`.
 * - `complete` keeps `owner`, so that a lost answer can be recognised. A fingerprint or result left undefined is absent
 *   afterwards.
 * - `release` to `keep` removes `owner`, ends the lease (0) and sets `attempts`; done again it is `refused`. `release` to
 *   `erase` of a marker that is not there is `released`. `release` to `unknown` keeps `owner`, ends the lease (1) and sets
 *   `attempts` and `alone`.
 * - `read` is consistent: it sees every write that was answered before.
 * - `markCompleted` writes a COMPLETED marker whatever was there. For keys that only one record can have.
 */
export interface IdempotencyStore {
  insert(claims: readonly ClaimWrite[], call: StoreCall): Promise<readonly ClaimResult[]>;
  takeOver(claims: readonly TakeOverWrite[], call: StoreCall): Promise<readonly ClaimResult[]>;
  renew(renewals: readonly RenewWrite[], call: StoreCall): Promise<readonly RenewResult[]>;
  complete(completions: readonly CompleteWrite[], call: StoreCall): Promise<readonly CompleteResult[]>;
  release(releases: readonly ReleaseWrite[], call: StoreCall): Promise<readonly ReleaseResult[]>;
  read(idempotencyKeys: readonly string[], call: StoreCall): Promise<readonly ReadResult[]>;
  markCompleted(markers: readonly CompletedWrite[], call: StoreCall): Promise<readonly MarkResult[]>;
}
