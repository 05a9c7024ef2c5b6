import type { Commit, CommitResult, CommitStore } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { ClaimTerms } from '../claims/claim-terms.ts';

/** Commits so that a store that breaks its promise is an outage, never a result. */
export async function callCommit(store: CommitStore, commit: Commit, terms: ClaimTerms): Promise<CommitResult> {
  const { observer, budget } = terms;
  const failed = (message: string, cause?: unknown): CommitResult => ({
    kind: 'failed',
    error: new StoreError('unavailable', `commit: ${message}`, { cause }),
  });
  let result: CommitResult;
  try {
    const first = await Promise.race([store.commit(commit, { signal: budget.answering }), budget.hardStop]);
    result = first === 'hardStop' ? failed('the store did not answer in time') : checked(first, failed);
  } catch (cause) {
    result = failed('the store rejected', cause);
  }
  // What the store refuses for its form is a matter of records, and told with them.
  if (result.kind === 'failed' || (result.kind === 'refused' && result.error.kind !== 'unstorable')) {
    const { kind, message } = result.error;
    observer.observe({ type: 'storeFailed', operation: 'commit', errorName: kind, message });
  }
  return result;
}

/** A store is the user's own code, perhaps: an answer that is none is a doubt. */
function checked(result: CommitResult, failed: (message: string) => CommitResult): CommitResult {
  const unknown = (): CommitResult => failed('the store gave no answer that is known');
  switch (result?.kind) {
    case 'committed':
      return result;
    case 'cancelled':
      return result.reasons === undefined || Array.isArray(result.reasons) ? result : unknown();
    case 'refused':
    case 'failed':
      return result.error instanceof StoreError ? result : unknown();
    default:
      return unknown();
  }
}
