/** Chance as the toolkit sees it, so that tests can replay it. */
export interface Randomness {
  /** A string no other call, on any machine, returns. */
  uniqueId(): string;
  /** A number from 0 (inclusive) to 1 (exclusive), for jitter. */
  fraction(): number;
}
