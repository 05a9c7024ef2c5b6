/** Each attempt is made in a quarter of the company of the one before. */
const lessWithEachAttempt = 4;

/**
 * How many records may be called together with one that is about to have this attempt.
 *
 * A call that had no time left to be repeated for fewer counts as an attempt at its first records, whosever fault it was: so
 * company shrinks with each attempt, and the last one is made alone. Undefined: nobody knows of attempts.
 */
export function mostTogether(most: number, attempts: number | undefined, maxAttempts: number): number {
  if (attempts === undefined || attempts <= 1) return most;
  return attempts >= maxAttempts ? 1 : Math.max(1, Math.floor(most / lessWithEachAttempt ** (attempts - 1)));
}
