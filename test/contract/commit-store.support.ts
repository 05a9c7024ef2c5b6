import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Marker } from '../../lib/core/claim/marker.ts';
import type { AttributeMap } from '../../lib/core/effects/attribute-value.ts';
import type { Effect, EffectTerms } from '../../lib/core/effects/effect.ts';
import type { Position } from '../../lib/core/position/position.ts';
import type { Commit, CommitResult, CommitStore, MarkWrite, PositionWrite } from '../../lib/ports/commit-store.ts';
import type { IdempotencyStore, StoreCall } from '../../lib/ports/idempotency-store.ts';
import { freshKey } from './idempotency-store.contract.ts';

/** A store and, beside it, what a test must put in place and look at. Keys are fresh in each test; tables may be shared. */
export interface CommitStoreUnderTest {
  readonly store: IdempotencyStore & CommitStore;
  /** A table of the user's with partition key `orderId` (S). */
  readonly orders: string;
  /** A table of the user's with partition key `sku` (S) and sort key `place` (N). */
  readonly stock: string;
  /** Puts an item into a table of the user's. */
  putItem(table: string, item: AttributeMap): Promise<void>;
  /** The item of a key, read consistently. */
  getItem(table: string, key: AttributeMap): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Puts a marker in place, whatever was there; undefined removes it. */
  poke(idempotencyKey: string, marker: Marker | undefined): Promise<void>;
}

const call: StoreCall = { signal: new AbortController().signal };

export function markOf(idempotencyKey: string, over: Partial<MarkWrite> = {}): MarkWrite {
  return {
    idempotencyKey,
    seen: undefined,
    attempts: 1,
    expiresAtSeconds: 1_795_000_000,
    fingerprint: 'fingerprint-m',
    result: undefined,
    source: 'orders-3@42',
    ...over,
  };
}

/** The marker that a mark leaves; `result` as it is read back. */
export function markerOfMark({ seen, idempotencyKey: _, ...mark }: MarkWrite): Marker {
  return {
    ...mark,
    status: 'COMPLETED',
    leaseUntilMs: undefined,
    owner: undefined,
    fence: (seen?.fence ?? 0) + 1,
    alone: false,
  };
}

/** A marker as it may be met: by default in progress, under an owner, with its lease over. */
export function markerWith(over: Partial<Marker> = {}): Marker {
  return {
    status: 'INPROGRESS',
    expiresAtSeconds: 1_791_000_000,
    leaseUntilMs: 1_790_000_030_000,
    owner: 'owner-a',
    fence: 3,
    attempts: 2,
    alone: true,
    fingerprint: 'fingerprint-a',
    result: undefined,
    source: 'orders-3@41',
    ...over,
  };
}

export function positionAt(nextOffset: number, over: Partial<Position> = {}): Position {
  return { nextOffset, highestTimestampMs: 1_790_000_000_000, generation: 0, ...over };
}

export function moveOf(
  positionKey: string,
  expected: Position | undefined,
  next: Position,
  source = 'orders-3',
): PositionWrite {
  return { positionKey, expected, next, source };
}

/** A commit of these writes, with a token of its own. */
export function commitOf(writes: Partial<Commit>): Commit {
  return { token: randomUUID(), marks: [], positions: [], effects: [], ...writes };
}

type Terms = Partial<Omit<EffectTerms, 'table'>>;

const noTerms = { condition: undefined, names: undefined, values: undefined, onConditionFailed: 'fail' } as const;

export function put(table: string, item: AttributeMap, terms: Terms = {}): Effect {
  return { ...noTerms, ...terms, kind: 'put', table, item };
}

export function update(table: string, key: AttributeMap, expression: string, terms: Terms = {}): Effect {
  return { ...noTerms, ...terms, kind: 'update', table, key, update: expression };
}

export function remove(table: string, key: AttributeMap, terms: Terms = {}): Effect {
  return { ...noTerms, ...terms, kind: 'delete', table, key };
}

export function check(table: string, key: AttributeMap, condition: string, terms: Terms = {}): Effect {
  return { ...noTerms, ...terms, kind: 'check', table, key, condition };
}

export function orderKey(orderId: string = freshKey()): { orderId: { S: string } } {
  return { orderId: { S: orderId } };
}

export function stockKey(sku: string = freshKey(), place: number = 1): { sku: { S: string }; place: { N: string } } {
  return { sku: { S: sku }, place: { N: String(place) } };
}

/** Moves a position from nothing. */
export async function positioned(store: CommitStore, positionKey: string, position: Position): Promise<void> {
  const positions = [moveOf(positionKey, undefined, position)];
  expect(await store.commit(commitOf({ positions }), call)).toEqual({ kind: 'committed' });
}

export async function positionNow(store: CommitStore, positionKey: string): Promise<Position | undefined> {
  const [result] = await store.readPositions([positionKey], call);
  if (result?.kind !== 'read') {
    throw new Error(`reading ${positionKey} failed`, { cause: result?.error });
  }
  return result.position;
}

/** All writes undone, and the one at `place` to blame if anything is. */
export function expectUnwritable(result: CommitResult, place: number): void {
  if (result.kind === 'refused') {
    expect(result.error).toMatchObject({ name: 'StoreError', kind: 'unstorable' });
    expect(result.error.message).not.toContain('secret');
    return;
  }
  expect(result.kind).toBe('cancelled');
  if (result.kind === 'cancelled' && result.reasons !== undefined) {
    expect(result.reasons).toEqual(result.reasons.map((_, index) => (index === place ? 'invalid' : 'none')));
  }
}
