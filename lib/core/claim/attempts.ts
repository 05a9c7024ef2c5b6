import type { Marker } from './marker.ts';

/**
 * How many attempts a new claim counts, itself included.
 *
 * A claim counts one. Giving back an unstarted claim takes its count away; a release after a failure keeps it. A claim
 * that ended with neither is blamed on the record only if it was made alone: otherwise any of its neighbours may have
 * ended the process, so the new claim takes its place in the count.
 */
export function attemptsOfTakeOver(seen: Marker, judged: 'free' | 'unknownOutcome'): number {
  if (seen.status === 'COMPLETED') return 1;
  if (judged === 'unknownOutcome' && !seen.alone) return Math.max(1, seen.attempts);
  return seen.attempts + 1;
}

/**
 * Whether a record whose outcome is unknown has used up its attempts, so that it must not be started once more.
 *
 * Only what happened while it was alone can exhaust them.
 */
export function isExhausted(seen: Marker, maxAttempts: number): boolean {
  return seen.alone && seen.attempts >= maxAttempts;
}
