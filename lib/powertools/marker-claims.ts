import { attemptsOfTakeOver } from '../core/claim/attempts.ts';
import { isCompletedBy } from '../core/claim/judge-completion.ts';
import { judgeMarker } from '../core/claim/judge-marker.ts';
import { leaseUntil } from '../core/claim/lease.ts';
import type { Marker } from '../core/claim/marker.ts';
import { LeaseLostError } from '../core/errors/errors.ts';
import { backoffMs } from '../core/time/backoff.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  ClaimResult,
  ClaimWrite,
  CompleteResult,
  IdempotencyStore,
  StoreCall,
} from '../ports/idempotency-store.ts';
import type { Randomness } from '../ports/randomness.ts';
import { StoreError } from '../ports/store-error.ts';
import { type ClaimRequest, currentLease, type KeyClaim, longestInvocationMs, newKeyClaim } from './key-claim.ts';

/** A key changes hands at most this often while one claim is being made, before the claim is given up. */
const mostRounds = 8;
const mostFailures = 3;
/** What is left of the invocation to report that a completion could not be written. */
const answerReserveMs = 500;

/** What claims are made with. */
export interface ClaimTerms {
  readonly store: IdempotencyStore;
  readonly leaseMs: number;
  readonly clockSkewMs: number;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export type ClaimAnswer =
  | { readonly kind: 'claimed'; readonly claim: KeyClaim }
  | { readonly kind: 'existing'; readonly marker: Marker };

export interface Completion {
  /** False for a result that the store cannot hold. */
  readonly resultStored: boolean;
  readonly expiresAtSeconds: number;
}

/** Claims, completes and releases single keys by the rules of the claim protocol. */
export class MarkerClaims {
  readonly #terms: ClaimTerms;

  constructor(terms: ClaimTerms) {
    this.#terms = terms;
  }

  /**
   * Claims a key, or answers with the marker that stands in the way: a completed one, or that of a live owner.
   *
   * A lease that ran out is taken over. Throws the `StoreError` of a store that does not answer.
   */
  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const owner = this.#terms.randomness.uniqueId();
    let free: { marker: Marker; judged: 'free' | 'unknownOutcome' } | undefined;
    let failures = 0;
    for (let round = 0; round < mostRounds; round += 1) {
      const claim = newKeyClaim(request, {
        owner,
        fence: (free?.marker.fence ?? 0) + 1,
        attempts: free === undefined ? 1 : attemptsOfTakeOver(free.marker, free.judged),
        leaseMs: this.#terms.leaseMs,
        nowMs: this.#terms.clock.nowMs(),
      });
      const result = await this.#write(claim, free?.marker);
      if (result.kind === 'claimed') return { kind: 'claimed', claim };
      if (result.kind === 'failed') {
        failures += 1;
        if (result.error.kind !== 'unavailable' || failures >= mostFailures) throw result.error;
        await this.#pause(failures);
      } else if (result.kind === 'gone') {
        free = undefined;
      } else {
        const { marker } = result;
        const { clock, clockSkewMs } = this.#terms;
        const { kind: judged } = judgeMarker(marker, { owner, nowMs: clock.nowMs(), clockSkewMs });
        if (judged === 'own') return { kind: 'claimed', claim: asWritten(claim, marker) };
        if (judged === 'completed' || judged === 'busy') return { kind: 'existing', marker };
        free = { marker, judged };
      }
    }
    throw new StoreError('unavailable', `An idempotency key changed hands ${mostRounds} times while it was claimed.`);
  }

  /**
   * Completes a claim.
   *
   * While the lease lasts, a store that is unavailable is tried again: the effect has happened, and without its mark it
   * would happen again. A result that cannot be stored is left out, answered by `resultStored: false`.
   *
   * Throws a `LeaseLostError` if the claim is no longer ours, or the `StoreError` of a store that does not answer.
   */
  async complete(claim: KeyClaim, result: unknown): Promise<Completion> {
    const expiresAtSeconds = Math.ceil(this.#terms.clock.nowMs() / 1000) + claim.expiresAfterSeconds;
    let stored = result;
    let resultStored = true;
    for (let failures = 0; ; ) {
      const answer = await this.#complete(claim, stored, expiresAtSeconds);
      if (answer.kind === 'completed') return { resultStored, expiresAtSeconds };
      if (answer.kind === 'refused') {
        if (isCompletedBy(answer.marker, claim.owner)) return { resultStored, expiresAtSeconds };
        throw new LeaseLostError(
          `The lease on idempotency key ${claim.idempotencyKey} was lost before its completion: the effect may happen twice. Make leaseMs longer than the process can stall.`,
        );
      }
      if (answer.error.kind === 'unstorable' && stored !== undefined) {
        stored = undefined;
        resultStored = false;
      } else if (answer.error.kind === 'unavailable' && this.#mayTryAgain(claim)) {
        failures += 1;
        await this.#pause(failures);
      } else {
        throw answer.error;
      }
    }
  }

  /**
   * Gives a claim back after its function failed; the marker stays, free, with its count of attempts.
   *
   * If it is no longer ours nothing happens. Answers with the error of a store that does not carry it out: the lease will
   * then run out instead.
   */
  async release(claim: KeyClaim): Promise<StoreError | undefined> {
    const { idempotencyKey, owner, attempts } = claim;
    const [result] = await this.#call((call) =>
      this.#terms.store.release([{ idempotencyKey, owner, to: 'keep', attempts }], call),
    );
    return result?.kind === 'failed' ? result.error : undefined;
  }

  /** Makes the lease of a claim last longer; `refused` if the claim is no longer ours. */
  async renew(claim: KeyClaim): Promise<'renewed' | 'refused' | 'failed'> {
    const nowMs = this.#terms.clock.nowMs();
    const untilMs = leaseUntil(currentLease(claim, this.#terms.leaseMs, nowMs), nowMs);
    const { idempotencyKey, owner } = claim;
    const [result] = await this.#call((call) =>
      this.#terms.store.renew([{ idempotencyKey, owner, leaseUntilMs: untilMs }], call),
    );
    if (result?.kind === 'renewed') claim.leaseUntilMs = untilMs;
    return result?.kind ?? 'failed';
  }

  /** Reads the marker of a key, expired or not. Throws the `StoreError` of a store that does not answer. */
  async read(idempotencyKey: string): Promise<Marker | undefined> {
    const [result] = await this.#call((call) => this.#terms.store.read([idempotencyKey], call));
    if (result?.kind === 'read') return result.marker;
    throw result?.error ?? noAnswer();
  }

  async #write(claim: KeyClaim, seen: Marker | undefined): Promise<ClaimResult> {
    const { store } = this.#terms;
    const write = this.#claimWrite(claim);
    const [result] = await this.#call((call) =>
      seen === undefined ? store.insert([write], call) : store.takeOver([{ ...write, seen }], call),
    );
    return result ?? { kind: 'failed', error: noAnswer() };
  }

  #claimWrite(claim: KeyClaim): ClaimWrite {
    const { idempotencyKey, owner, fence, attempts, leaseUntilMs, fingerprint, expiresAfterSeconds } = claim;
    // Until it is completed, nothing but its lease may end it: it must not expire while it is renewed.
    const keptMs = Math.max(expiresAfterSeconds * 1000, longestInvocationMs);
    return {
      idempotencyKey,
      owner,
      fence,
      attempts,
      alone: false,
      leaseUntilMs,
      expiresAtSeconds: Math.ceil((this.#terms.clock.nowMs() + keptMs) / 1000),
      fingerprint,
      source: undefined,
    };
  }

  async #complete(claim: KeyClaim, result: unknown, expiresAtSeconds: number): Promise<CompleteResult> {
    const { idempotencyKey, owner, fingerprint } = claim;
    const completion = { idempotencyKey, owner, expiresAtSeconds, fingerprint, result };
    const [answer] = await this.#call((call) => this.#terms.store.complete([completion], call));
    return answer ?? { kind: 'failed', error: noAnswer() };
  }

  #mayTryAgain(claim: KeyClaim): boolean {
    const nowMs = this.#terms.clock.nowMs();
    const { deadlineMs } = currentLease(claim, this.#terms.leaseMs, nowMs);
    return nowMs < Math.min(claim.leaseUntilMs, deadlineMs - answerReserveMs);
  }

  /** An operation that takes longer than a lease is of no use to its claim. */
  async #call<Result>(operate: (call: StoreCall) => Promise<Result>): Promise<Result> {
    const abort = new AbortController();
    const cancel = this.#terms.clock.schedule(this.#terms.leaseMs, () => abort.abort());
    try {
      return await operate({ signal: abort.signal });
    } finally {
      cancel();
    }
  }

  #pause(failures: number): Promise<void> {
    const { clock, randomness } = this.#terms;
    return new Promise((resolve) => {
      clock.schedule(backoffMs(failures, randomness.fraction()), resolve);
    });
  }
}

/** A claim as the store has it: an earlier round wrote it and its answer was lost. */
function asWritten(claim: KeyClaim, marker: Marker): KeyClaim {
  const { fence, attempts, leaseUntilMs = claim.leaseUntilMs } = marker;
  return { ...claim, fence, attempts, leaseUntilMs };
}

function noAnswer(): StoreError {
  return new StoreError('unavailable', 'The idempotency store answered for none of the keys that it was asked about.');
}
