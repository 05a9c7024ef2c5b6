/** How many records a batched store call takes. */
export const storeBatchSize = 25;

const most = 4 * storeBatchSize;

export interface Pace {
  /** Mean time of a handler in ms; undefined before the first has ended. */
  readonly handlerMs: number | undefined;
  /** Handlers that may run at a time. */
  readonly concurrency: number;
  readonly leaseMs: number;
}

/**
 * How many records to claim ahead of their handlers.
 *
 * Claims ahead make full batches; but each is renewed while it waits. So no more than are expected to start within a third
 * of a lease, at most four batches, and one batch while nothing is known. They are claimed when half of the last ones are
 * used up, so at most half as many again are held.
 */
export function lookAhead(pace: Pace): number {
  if (pace.handlerMs === undefined) return Math.max(storeBatchSize, pace.concurrency);
  const expected = ((pace.leaseMs / 3) * pace.concurrency) / Math.max(pace.handlerMs, 0.01);
  const bounded = Math.max(pace.concurrency, Math.min(most, Math.floor(expected)));
  return bounded < storeBatchSize ? bounded : bounded - (bounded % storeBatchSize);
}
