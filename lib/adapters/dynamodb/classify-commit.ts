import type { CancellationReason, CommitResult } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { type Attempt, classifyError, describeError } from './classify-error.ts';

/*
 * Which error of a transaction says what, and what is to be believed: docs/decisions/0007-transactions-spike.md and
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors
 */

const reasonsByCode: Readonly<Record<string, CancellationReason>> = {
  None: 'none',
  ConditionalCheckFailed: 'conditionFailed',
  TransactionConflict: 'conflict',
  ThrottlingError: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
  RequestLimitExceeded: 'throttled',
  InternalServerError: 'throttled',
  ValidationError: 'invalid',
  ItemCollectionSizeLimitExceeded: 'invalid',
  DuplicateItem: 'invalid',
};

const throttling = /^Throttl|^ProvisionedThroughputExceeded|^RequestLimitExceeded/;

/** What became of a transaction whose request was rejected. */
export function commitFailure(error: unknown, writes: number, attempt: Attempt): CommitResult {
  const { name, attempts = 1 } = describeError(error);
  if (name === 'TransactionCanceledException') {
    return { kind: 'cancelled', reasons: reasonsOf(error, writes) };
  }
  // What refuses a request before its token is looked at says nothing of an earlier attempt of the SDK that had no answer.
  const nothingBefore = attempts <= 1;
  const passing =
    name === 'TransactionConflictException' ? 'conflict' : throttling.test(name) ? 'throttled' : undefined;
  if (nothingBefore && passing !== undefined) {
    return { kind: 'cancelled', reasons: Array.from({ length: writes }, () => passing) };
  }
  const storeError = classifyError(error, attempt);
  switch (storeError.kind) {
    case 'unavailable':
      return { kind: 'failed', error: storeError };
    case 'unstorable':
      return { kind: 'refused', error: storeError };
    case 'configuration':
      return nothingBefore
        ? { kind: 'refused', error: storeError }
        : { kind: 'failed', error: new StoreError('unavailable', storeError.message, { cause: error }) };
  }
}

/** One reason for each write, and one of them at least against it; undefined where the answer does not say so. */
function reasonsOf(error: unknown, writes: number): readonly CancellationReason[] | undefined {
  const given: unknown = error instanceof Object && 'CancellationReasons' in error && error.CancellationReasons;
  if (!Array.isArray(given) || given.length !== writes) {
    return undefined;
  }
  const reasons = given.map(reasonOf).filter((reason) => reason !== undefined);
  return reasons.length === writes && reasons.some((reason) => reason !== 'none') ? reasons : undefined;
}

function reasonOf(given: unknown): CancellationReason | undefined {
  const code = given instanceof Object && 'Code' in given ? given.Code : undefined;
  return code === undefined ? 'none' : typeof code === 'string' ? reasonsByCode[code] : undefined;
}
