import { attemptsOfTakeOver, isExhausted } from '../../core/claim/attempts.ts';
import { leaseUntil } from '../../core/claim/lease.ts';
import type { Marker } from '../../core/claim/marker.ts';
import { formatCoordinates } from '../../core/coordinates.ts';
import type { ClaimWrite, TakeOverWrite } from '../../ports/idempotency-store.ts';
import type { Acquired, Wanted } from './acquired.ts';
import { type ClaimTerms, claimExpiresAt } from './claim-terms.ts';
import { HeldClaim, type HeldClaimFields } from './held-claim.ts';

/** The marker that a claim wants to replace, and what it was judged to be. */
export interface Found {
  readonly seen: Marker;
  readonly judged: 'free' | 'unknownOutcome';
}

/** One record's way to its claim: what to write next, and what was written last. */
export class ClaimAttempt {
  readonly wanted: Wanted;
  /** Unique to this claim: finding it in a marker proves that the marker is ours. */
  readonly owner: string;
  readonly alone: boolean;
  /** The marker to take over; undefined: insert. */
  found: Found | undefined;
  result: Acquired | undefined;
  /** A write failed, so it may have been carried out. */
  mayBeWritten = false;
  #write: ClaimWrite | undefined;

  constructor(wanted: Wanted, owner: string, alone: boolean) {
    this.wanted = wanted;
    this.owner = owner;
    this.alone = alone;
  }

  get inserts(): boolean {
    return this.found === undefined;
  }

  /** The marker to take over, if the outcome of its claim is unknown. */
  get suspected(): Marker | undefined {
    return this.found?.judged === 'unknownOutcome' ? this.found.seen : undefined;
  }

  insertion(terms: ClaimTerms): ClaimWrite {
    return this.#written(terms, 1, 1);
  }

  takeOver(terms: ClaimTerms, found: Found): TakeOverWrite {
    const write = this.#written(terms, found.seen.fence + 1, attemptsOfTakeOver(found.seen, found.judged));
    return { ...write, seen: found.seen };
  }

  /** The claim as held after its write succeeded, or was found to have succeeded. */
  held(terms: ClaimTerms, leaseUntilMs: number | undefined): HeldClaim | undefined {
    if (this.#write === undefined) return undefined;
    return new HeldClaim({
      ...this.wanted,
      owner: this.owner,
      fence: this.#write.fence,
      attempts: this.#write.attempts,
      leaseUntilMs: leaseUntilMs ?? this.#write.leaseUntilMs,
      inserted: this.inserts,
      suspected: this.suspected,
      verdict: this.verdict(terms),
    });
  }

  /** What is to be done with the record once it is claimed. */
  verdict({ settings }: ClaimTerms): HeldClaimFields['verdict'] {
    if (this.found?.judged !== 'unknownOutcome') return 'handle';
    if (settings.onUnknownOutcome === 'deadLetter') return 'unknownOutcome';
    return isExhausted(this.found.seen, settings.maxAttempts) ? 'attemptsExhausted' : 'handle';
  }

  #written(terms: ClaimTerms, fence: number, attempts: number): ClaimWrite {
    const { entry, prepared } = this.wanted;
    this.#write = {
      idempotencyKey: prepared.idempotencyKey,
      owner: this.owner,
      fence,
      attempts,
      alone: this.alone,
      leaseUntilMs: leaseUntil(terms.lease, terms.clock.nowMs()),
      expiresAtSeconds: claimExpiresAt(terms),
      fingerprint: prepared.fingerprint,
      source: formatCoordinates(entry.received),
    };
    return this.#write;
  }
}
