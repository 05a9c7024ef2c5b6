import type { Marker } from '../../core/claim/marker.ts';
import { LeaseLostError } from '../../core/errors/errors.ts';
import type { Entry, Prepared } from '../run/entry.ts';

export interface HeldClaimFields {
  readonly entry: Entry;
  readonly prepared: Prepared;
  readonly owner: string;
  readonly fence: number;
  readonly attempts: number;
  readonly leaseUntilMs: number;
  /** The claim made the marker, so giving it back unstarted may erase it. */
  readonly inserted: boolean;
  /** The marker taken over, if the outcome of its claim is unknown. */
  readonly suspected: Marker | undefined;
  /** Why the record is not to be handled but dead-lettered, if so. */
  readonly verdict: 'handle' | 'attemptsExhausted' | 'unknownOutcome';
}

/** A claim that this invocation holds, until it is completed, released or lost. */
export class HeldClaim {
  readonly entry: Entry;
  readonly prepared: Prepared;
  readonly owner: string;
  readonly fence: number;
  readonly attempts: number;
  readonly inserted: boolean;
  readonly suspected: Marker | undefined;
  readonly verdict: HeldClaimFields['verdict'];
  leaseUntilMs: number;
  /** A renewal is on its way. */
  renewing = false;
  /** A completion is on its way or was answered: it supersedes renewals, and one that it overtook may well be refused. */
  completing = false;
  readonly #lost = new AbortController();

  constructor(fields: HeldClaimFields) {
    this.entry = fields.entry;
    this.prepared = fields.prepared;
    this.owner = fields.owner;
    this.fence = fields.fence;
    this.attempts = fields.attempts;
    this.inserted = fields.inserted;
    this.suspected = fields.suspected;
    this.verdict = fields.verdict;
    this.leaseUntilMs = fields.leaseUntilMs;
  }

  get idempotencyKey(): string {
    return this.prepared.idempotencyKey;
  }

  /** Aborted when the lease is lost, or could not be renewed in time. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  lose(why: string): void {
    this.#lost.abort(new LeaseLostError(why));
  }
}
