import { ConfigurationError } from '../../core/errors/errors.ts';

/** Milliseconds to wait after this many failures in a row, counted from 0. */
export type RetryDelay = (failures: number) => number;

/** How long a failed batch waits for its retry: `baseMs`, doubled with each failure, `maximumMs` at most. */
export interface RetryBackoff {
  readonly baseMs?: number;
  readonly maximumMs?: number;
}

/**
 * Defaults: 100 ms, 5 s.
 *
 * @throws ConfigurationError if a delay is negative or the base is above the maximum.
 */
export function retryDelay({ baseMs = 100, maximumMs = Math.max(5000, baseMs) }: RetryBackoff): RetryDelay {
  if (!(baseMs >= 0 && maximumMs >= baseMs)) {
    throw new ConfigurationError('retryBackoff', `needs 0 <= baseMs <= maximumMs; they are ${baseMs} and ${maximumMs}`);
  }
  return (failures) => Math.min(maximumMs, baseMs * 2 ** Math.min(failures, 30));
}
