import { describe, expect, it } from 'vitest';
import { callCommit } from '../../../../lib/handler/commit/call-commit-store.ts';
import type { Commit, CommitResult } from '../../../../lib/ports/commit-store.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { commitTerms, PlannedStore, storeThatAnswers } from './commit-parts.ts';

const commit: Commit = { token: 'token', marks: [], positions: [], effects: [] };
const nobodyKnows = { kind: 'failed', error: { name: 'StoreError', kind: 'unavailable' } };

describe('a commit that the store', () => {
  it.each<CommitResult>([
    { kind: 'committed' },
    { kind: 'cancelled', reasons: ['none', 'conditionFailed'] },
    { kind: 'cancelled', reasons: undefined },
    { kind: 'refused', error: new StoreError('unstorable', 'too large') },
    { kind: 'failed', error: new StoreError('unavailable', 'cut') },
  ])('answers with $kind has this answer', async (answer) => {
    const { terms } = commitTerms();
    expect(await callCommit(storeThatAnswers(answer), commit, terms)).toBe(answer);
  });

  it.each([
    undefined,
    null,
    true,
    'committed',
    {},
    { kind: 'done' },
    { kind: 'cancelled', reasons: null },
    { kind: 'cancelled', reasons: 'none' },
    { kind: 'cancelled', reasons: { 0: 'none' } },
    { kind: 'failed' },
    { kind: 'failed', error: new Error('no store error') },
    { kind: 'failed', error: { kind: 'unstorable', message: 'looks like one' } },
    { kind: 'refused' },
    { kind: 'refused', error: null },
    { kind: 'refused', error: new TypeError('no store error') },
    { kind: 'refused', error: { name: 'StoreError', kind: 'unstorable', message: 'looks like one' } },
  ])('answers with %j may have been written or not', async (answer) => {
    const { terms, observations } = commitTerms();
    expect(await callCommit(storeThatAnswers(answer), commit, terms)).toMatchObject(nobodyKnows);
    expect(observations).toMatchObject([{ type: 'storeFailed', operation: 'commit', errorName: 'unavailable' }]);
  });

  it.each([
    new Error('not today'),
    new TypeError('a bug of the store'),
    new StoreError('unstorable', 'said where no refusal can be'),
    undefined,
    'cut',
  ])('rejects with %s may have been written or not', async (reason) => {
    const { terms, observations } = commitTerms();
    const rejecting = new PlannedStore(() => Promise.reject(reason));
    const result = await callCommit(rejecting, commit, terms);
    expect(result).toMatchObject(nobodyKnows);
    expect(result).toMatchObject({ error: { cause: reason } });
    expect(observations).toMatchObject([{ type: 'storeFailed', operation: 'commit', errorName: 'unavailable' }]);
  });

  it('throws at, instead of answering, may have been written or not', async () => {
    const { terms } = commitTerms();
    const throwing = Object.assign(storeThatAnswers(undefined), {
      commit: () => {
        throw new Error('at once');
      },
    });
    expect(await callCommit(throwing, commit, terms)).toMatchObject(nobodyKnows);
  });

  it('never answers may have been written or not, when nothing can be waited for any more', async () => {
    const { terms, clock } = commitTerms(20_000);
    const { hardStopAtMs } = terms.budget.plan;
    const signals: AbortSignal[] = [];
    const silent = new PlannedStore((_commit, _place, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const results: CommitResult[] = [];
    const call = callCommit(silent, commit, terms).then((result) => results.push(result));
    await clock.advance(hardStopAtMs - clock.nowMs() - 1);
    expect(results).toEqual([]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await clock.advance(1);
    expect(results).toMatchObject([nobodyKnows]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await call;
  });

  it('refuses is told to the observer, and one that it cancels is not', async () => {
    const { terms, observations } = commitTerms();
    await callCommit(storeThatAnswers({ kind: 'cancelled', reasons: ['conflict'] }), commit, terms);
    await callCommit(storeThatAnswers({ kind: 'committed' }), commit, terms);
    expect(observations).toEqual([]);
    const refused = { kind: 'refused', error: new StoreError('configuration', 'no such table') };
    await callCommit(storeThatAnswers(refused), commit, terms);
    expect(observations).toMatchObject([{ type: 'storeFailed', errorName: 'configuration', message: 'no such table' }]);
  });
});
