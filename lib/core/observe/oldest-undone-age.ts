import type { Observation } from '../../ports/observer.ts';
import { undoneOutcomes } from '../outcome.ts';

type InvocationEnded = Extract<Observation, { type: 'invocationEnded' }>;

/**
 * Age in seconds of the oldest record of an invocation that is not done; `nowMs` is epoch milliseconds.
 *
 * 0 if all are done, or if the record's clock is ahead of ours; undefined if those that are not have no timestamp.
 */
export function oldestUndoneAgeSeconds(ended: InvocationEnded, nowMs: number): number | undefined {
  if (countUndone(ended.outcomes) === 0) return 0;
  if (ended.oldestUndoneTimestampMs === undefined) return undefined;
  return Math.max(0, nowMs - ended.oldestUndoneTimestampMs) / 1000;
}

/** How many records of an invocation are to be delivered again. */
export function countUndone(outcomes: InvocationEnded['outcomes']): number {
  return undoneOutcomes.reduce((undone, outcome) => undone + outcomes[outcome], 0);
}
