import { ConfigurationError } from '../../core/errors/errors.ts';

/** The code of a failure (`ECONNREFUSED`) or its class (`QueueDoesNotExist`); its text only where that is our own. */
export function failureName(failure: unknown): string {
  if (failure instanceof ConfigurationError) return failure.message;
  if (!(failure instanceof Error)) return 'unknown failure';
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
}
