import { backoffMs } from '../../core/time/backoff.ts';
import type { Commit, CommitResult, CommitStore } from '../../ports/commit-store.ts';
import type { Failed } from '../../ports/idempotency-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { ClaimTerms } from '../claims/claim-terms.ts';
import { wait } from '../run/wait.ts';
import { isPassing } from './blame.ts';
import { callCommit } from './call-commit-store.ts';

/** An answer that nothing but time stands against; it is worth the same writes once more. */
export type MayPass = (result: CommitResult & { readonly kind: 'cancelled' }, tries: number) => boolean;

/**
 * Sends one list of writes under one token; repeats it, with its token, while nobody knows what came of it, or while the
 * answer may pass, as long as there is time.
 */
export async function sendCommit(
  terms: ClaimTerms,
  store: CommitStore,
  writes: Omit<Commit, 'token'>,
  mayPass: MayPass,
): Promise<CommitResult> {
  const commit: Commit = { token: terms.randomness.uniqueId(), ...writes };
  let isInDoubt = false;
  for (let failures = 0; ; failures += 1) {
    const result = await callCommit(store, commit, terms);
    isInDoubt ||= result.kind === 'failed';
    // What may pass says nothing of an earlier try that had no answer: its writes, sent anew, would meet themselves.
    const isWorthMore =
      result.kind === 'cancelled' && (mayPass(result, failures) || (isInDoubt && isPassing(result.reasons ?? [])));
    if (result.kind !== 'failed' && !isWorthMore) return result;
    const delayMs = backoffMs(failures, terms.randomness.fraction());
    if (await wait(terms.clock, delayMs, terms.budget.answering)) continue;
    return result.kind === 'failed' ? result : outOfTime;
  }
}

/** No time was left to try a commit once more. */
export const outOfTime: Failed = {
  kind: 'failed',
  error: new StoreError('unavailable', 'commit: no time was left to try again'),
};
