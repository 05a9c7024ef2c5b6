/** Stops a scheduled callback; calling it again, or after the callback ran, does nothing. */
export type Cancel = () => void;

/**
 * Time as the toolkit sees it.
 *
 * - `nowMs` is epoch milliseconds, comparable between machines to within `clockSkewMs`. It may jump, also backwards.
 * - `schedule` calls back once, never before `delayMs` have passed and never synchronously. A delay of 0 or less means
 *   as soon as possible.
 */
export interface Clock {
  nowMs(): number;
  schedule(delayMs: number, callback: () => void): Cancel;
}
