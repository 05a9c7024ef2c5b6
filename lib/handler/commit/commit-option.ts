/** When the records of a unit commit: each before the next handler starts, or an ordered prefix of them together. */
export type CommitOption = 'each' | 'prefix';

/** Under `prefix`, handled records of a unit that may wait for their commit: two groups of 99. */
const mostAheadInPrefix = 200;

/** Records of a unit that may be on their way to their commit at a time, the one being handled included. */
export function mostAheadOf(commit: CommitOption): number {
  return commit === 'each' ? 1 : mostAheadInPrefix;
}
