import { StoreError } from '../../ports/store-error.ts';
import type { ClaimTerms } from './claim-terms.ts';

/** Calls the store so that a store that breaks its promise (rejects, answers too few) is an outage, never a result. */
export async function callStore<Result extends { readonly kind: string }>(
  operation: string,
  count: number,
  call: () => Promise<readonly Result[]>,
  { observer, budget }: ClaimTerms,
): Promise<readonly (Result | { readonly kind: 'failed'; readonly error: StoreError })[]> {
  if (count === 0) return [];
  const failedAll = (error: StoreError): { readonly kind: 'failed'; readonly error: StoreError }[] => {
    observer.observe({ type: 'storeFailed', operation, errorName: error.kind, message: error.message });
    return Array.from({ length: count }, () => ({ kind: 'failed', error }));
  };
  try {
    const results = await Promise.race([call(), budget.hardStop]);
    if (results === 'hardStop') {
      return failedAll(new StoreError('unavailable', `${operation}: the store did not answer in time`));
    }
    if (results.length !== count) {
      return failedAll(new StoreError('unavailable', `${operation}: ${results.length} results for ${count} items`));
    }
    const failure = results.map(errorOf).find((error) => error !== undefined);
    if (failure !== undefined) {
      observer.observe({ type: 'storeFailed', operation, errorName: failure.kind, message: failure.message });
    }
    return results;
  } catch (cause) {
    return failedAll(new StoreError('unavailable', `${operation}: the store rejected`, { cause }));
  }
}

function errorOf(result: { readonly kind: string; readonly error?: unknown }): StoreError | undefined {
  return result.kind === 'failed' && result.error instanceof StoreError ? result.error : undefined;
}
