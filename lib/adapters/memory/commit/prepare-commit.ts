import type { Marker } from '../../../core/claim/marker.ts';
import type { Commit, MarkWrite, PositionWrite } from '../../../ports/commit-store.ts';
import { StoreError } from '../../../ports/store-error.ts';
import { InvalidEffectError } from '../refusals.ts';
import type { Tables } from '../tables/tables.ts';
import { markerOf } from './mark.ts';
import { type PreparedEffect, prepareEffect } from './prepare-effect.ts';

export interface PreparedMark {
  readonly idempotencyKey: string;
  readonly seen: Marker | undefined;
  /** undefined where its result cannot be stored. */
  readonly marker: Marker | undefined;
}

/** A copy of all that a commit asks for. */
export interface PreparedCommit {
  readonly marks: readonly PreparedMark[];
  readonly positions: readonly PositionWrite[];
  readonly effects: readonly PreparedEffect[];
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const mostWrites = 100;
const mostBytes = 4 * 1024 * 1024;

/** Checks a commit as a whole. Throws a `StoreError` that refuses it. */
export function prepareCommit(tables: Tables, { marks, positions, effects }: Commit): PreparedCommit {
  const writes = marks.length + positions.length + effects.length;
  if (writes === 0) throw unstorable('it has no writes');
  if (writes > mostWrites) throw unstorable(`it has ${writes} writes, and a transaction takes ${mostWrites}`);
  const prepared: PreparedCommit = {
    marks: marks.map((mark) => {
      const { idempotencyKey, seen } = mark;
      return { idempotencyKey, seen, marker: markerIfStorable(mark) };
    }),
    positions: positions.map((position) => ({ ...position })),
    effects: effects.map((effect, index) => {
      try {
        return prepareEffect(tables, effect);
      } catch (error) {
        if (!(error instanceof InvalidEffectError)) throw error;
        throw unstorable(`effects[${index}] (${effect.kind} "${effect.table}"): ${error.message}`);
      }
    }),
  };
  refuseRepetition(prepared);
  const bytes = prepared.effects.reduce((sum, effect) => sum + effect.bytes, 0);
  if (bytes > mostBytes) throw unstorable('its items and values are over 4 MB');
  return prepared;
}

export function unstorable(why: string): StoreError {
  return new StoreError('unstorable', `Memory store: the commit was refused: ${why}.`);
}

function markerIfStorable(mark: MarkWrite): Marker | undefined {
  try {
    return markerOf(mark);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

function refuseRepetition({ marks, positions, effects }: PreparedCommit): void {
  const items = new Set([
    ...marks.map(({ idempotencyKey }) => `m${idempotencyKey}`),
    ...positions.map(({ positionKey }) => `p${positionKey}`),
    ...effects.map(({ table, key }) => `e${table.name.length}:${table.name}${key}`),
  ]);
  if (items.size < marks.length + positions.length + effects.length) {
    throw unstorable('two of its writes are on one item');
  }
}
