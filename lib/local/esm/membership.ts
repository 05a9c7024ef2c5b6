/** A member of a consumer group as the group knows it after a rebalance. */
export interface Joined {
  readonly memberId: string;
  /** Grows by one with each rebalance of the group. */
  readonly generationId: number;
}

/**
 * Whether the group has known the member all the time between two joins: the same member, one rebalance later.
 *
 * Else another member may have had any of its partitions meanwhile and read on, even one that it has again now.
 */
export function isUnbroken(before: Joined | undefined, now: Joined): boolean {
  return before?.memberId === now.memberId && now.generationId === before.generationId + 1;
}
