import type { Marker } from '../../../core/claim/marker.ts';
import type { Position } from '../../../core/position/position.ts';
import type { CancellationReason, Commit, CommitResult } from '../../../ports/commit-store.ts';
import { StoreError } from '../../../ports/store-error.ts';
import { MisfitError } from '../refusals.ts';
import type { Tables } from '../tables/tables.ts';
import type { Attempt } from './attempt.ts';
import { isAsSeen } from './mark.ts';
import { isWhereExpected } from './position.ts';
import { type PreparedCommit, prepareCommit, unstorable } from './prepare-commit.ts';
import type { PreparedEffect } from './prepare-effect.ts';
import type { RememberedCommits } from './remembered-commits.ts';
import { tryEffect } from './try-effect.ts';

/** What a store holds, and what commits change. */
export interface Holdings {
  readonly markers: Map<string, Marker>;
  readonly positions: Map<string, Position>;
  readonly tables: Tables;
  readonly commits: RememberedCommits;
  readonly misfits: 'refuse' | 'cancel';
}

/** Carries out a commit whole or not at all; every condition is put to the state before it. */
export function carryOut(holdings: Holdings, commit: Commit): CommitResult {
  try {
    return carryOutPrepared(holdings, commit.token, prepareCommit(holdings.tables, commit));
  } catch (error) {
    if (error instanceof MisfitError) return { kind: 'refused', error: unstorable(`an update: ${error.message}`) };
    if (error instanceof StoreError) return { kind: 'refused', error };
    throw error;
  }
}

function carryOutPrepared(holdings: Holdings, token: string, commit: PreparedCommit): CommitResult {
  const recalled = holdings.commits.recall(token, commit);
  if (recalled === 'same') return { kind: 'committed' };
  if (recalled === 'other') {
    const message = 'Memory store: commit failed: its token was given with other writes before.';
    return { kind: 'failed', error: new StoreError('unavailable', message) };
  }
  const attempts = attemptsOf(holdings, commit);
  if (attempts.some(({ reason }) => reason !== undefined)) {
    const reasons = attempts.map(({ reason }): CancellationReason => reason ?? 'none');
    return { kind: 'cancelled', reasons };
  }
  for (const { write } of attempts) write?.();
  holdings.commits.remember(token, commit);
  return { kind: 'committed' };
}

function attemptsOf({ markers, positions, misfits }: Holdings, commit: PreparedCommit): readonly Attempt[] {
  return [
    ...commit.marks.map((mark): Attempt => {
      const { idempotencyKey, marker } = mark;
      if (marker === undefined) return { reason: 'invalid' };
      if (!isAsSeen(markers, mark)) return { reason: 'conditionFailed' };
      return { write: () => markers.set(idempotencyKey, marker) };
    }),
    ...commit.positions.map((move): Attempt => {
      if (!isWhereExpected(positions, move)) return { reason: 'conditionFailed' };
      return { write: () => positions.set(move.positionKey, move.next) };
    }),
    ...commit.effects.map((effect) => attemptOf(effect, misfits)),
  ];
}

function attemptOf(effect: PreparedEffect, misfits: Holdings['misfits']): Attempt {
  try {
    return tryEffect(effect);
  } catch (error) {
    if (error instanceof MisfitError && misfits === 'cancel') return { reason: 'invalid' };
    throw error;
  }
}
