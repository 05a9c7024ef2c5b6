import { TimeBudgetError } from '../../core/errors/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** Settles as the work does; rejects with a `TimeBudgetError` if that takes longer than `limitMs`. Infinity: no limit. */
export async function settleInTime<T>(work: Promise<T>, clock: Clock, limitMs: number, what: string): Promise<T> {
  if (limitMs === Number.POSITIVE_INFINITY) return await work;
  const late = Promise.withResolvers<never>();
  const cancel = clock.schedule(limitMs, () => late.reject(new TimeBudgetError(`${what} took too long`)));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}
