/**
 * What the store knows of one idempotency key.
 *
 * The states, by `status`, `owner` and the lease:
 *
 * | status | owner | lease | meaning |
 * |---|---|---|---|
 * | COMPLETED | any | any | the effect took place; a duplicate until `expiresAtSeconds` |
 * | INPROGRESS | set | running | claimed by a live owner |
 * | INPROGRESS | set | over | the owner ended with neither completion nor release: outcome unknown, a suspect |
 * | INPROGRESS | none | over | released: free, with its count of attempts |
 *
 * A marker that Powertools wrote has no owner, fence or attempts; in progress without a lease it is locked until it
 * expires, and with a lease that is over its outcome is unknown too.
 */
export interface Marker {
  readonly status: 'INPROGRESS' | 'COMPLETED';
  /** Epoch seconds after which a COMPLETED marker counts as absent, deleted or not. One in progress never just vanishes. */
  readonly expiresAtSeconds: number;
  /** Epoch milliseconds at which the lease of an INPROGRESS marker ends (`in_progress_expiration`). */
  readonly leaseUntilMs: number | undefined;
  /** The claim that holds or completed it; a fresh unique ID for every claim. */
  readonly owner: string | undefined;
  /** Grows by one with each claim; 0 for a marker that another library wrote. */
  readonly fence: number;
  /** Claims that counted: see the attempts rule. 0 for a marker that another library wrote. */
  readonly attempts: number;
  /** Whether the latest claim was made alone (nothing else claimed by its invocation). */
  readonly alone: boolean;
  readonly fingerprint: string | undefined;
  /** The stored result (`data`): a JSON value. */
  readonly result: unknown;
  /** Coordinates of the record that was claimed last: `<topic>-<partition>@<offset>`. */
  readonly source: string | undefined;
}
