import { type Judgement, judgeMarker } from '../../core/claim/judge-marker.ts';
import type { Marker } from '../../core/claim/marker.ts';
import type { StoreError } from '../../ports/store-error.ts';
import type { Acquired } from './acquired.ts';
import type { ClaimAttempt } from './claim-attempt.ts';
import type { ClaimTerms } from './claim-terms.ts';
import type { CompletionCache } from './completion-cache.ts';
import { isSamePayload } from './same-payload.ts';
import { callStore } from './store-failure.ts';

/** A write that was refused, and the marker that refused it. */
export interface Met {
  readonly attempt: ClaimAttempt;
  readonly marker: Marker;
}

export interface MarkersInTheWayParts {
  readonly terms: ClaimTerms;
  readonly cache: CompletionCache;
  /** For a marker that turns out to be the attempt's own. */
  readonly hold: (attempt: ClaimAttempt, leaseUntilMs: number | undefined) => void;
  /** Ends reads. */
  readonly signal: AbortSignal;
}

/**
 * Decides what follows for an attempt from the marker that it met: its result, or what it takes over next.
 *
 * A dead-lettered record is marked under its coordinates; before a marker under a business ID is taken over, or called a
 * mismatch, they are read.
 */
export class MarkersInTheWay {
  readonly #terms: ClaimTerms;
  readonly #cache: CompletionCache;
  readonly #hold: MarkersInTheWayParts['hold'];
  readonly #signal: AbortSignal;

  constructor({ terms, cache, hold, signal }: MarkersInTheWayParts) {
    this.#terms = terms;
    this.#cache = cache;
    this.#hold = hold;
    this.#signal = signal;
  }

  /** Answers the failure of a read; the attempts that it leaves undecided then meet their markers once more. */
  async follow(met: readonly Met[]): Promise<StoreError | undefined> {
    const doubtful: ClaimAttempt[] = [];
    const next = new Map<ClaimAttempt, () => void>();
    for (const { attempt, marker } of met) {
      const judgement = this.#judge(attempt, marker);
      const settle = this.#settlement(attempt, marker, judgement);
      if (mayBeDeadLettered(attempt, marker, judgement)) {
        doubtful.push(attempt);
        next.set(attempt, settle);
      } else settle();
    }
    return await this.#readCoordinates(doubtful, next);
  }

  #judge(attempt: ClaimAttempt, marker: Marker): Judgement {
    const { clock, settings } = this.#terms;
    return judgeMarker(marker, { owner: attempt.owner, nowMs: clock.nowMs(), clockSkewMs: settings.clockSkewMs });
  }

  #settlement(attempt: ClaimAttempt, marker: Marker, judgement: Judgement): () => void {
    switch (judgement.kind) {
      case 'own':
        return () => this.#hold(attempt, marker.leaseUntilMs);
      case 'completed':
        return () => {
          attempt.result = this.#duplicateOrMismatch(attempt, marker);
        };
      case 'busy':
        return () => {
          attempt.result = { kind: 'busy', freeAtMs: judgement.freeAtMs };
        };
      case 'free':
        return () => {
          attempt.found = { seen: marker, judged: 'free' };
        };
      case 'unknownOutcome':
        return () => {
          // Only a claim made alone may take over what may have ended a process.
          if (attempt.alone) attempt.found = { seen: marker, judged: 'unknownOutcome' };
          else attempt.result = { kind: 'suspect', seen: marker };
        };
    }
  }

  #duplicateOrMismatch(attempt: ClaimAttempt, marker: Marker): Acquired {
    const { idempotencyKey, fingerprint } = attempt.wanted.prepared;
    if (!isSamePayload(fingerprint, marker.fingerprint)) return { kind: 'mismatch' };
    this.#cache.remember(idempotencyKey, {
      expiresAtSeconds: marker.expiresAtSeconds,
      fingerprint: marker.fingerprint,
    });
    return { kind: 'duplicate' };
  }

  /** A record that is marked under its coordinates is done. The others go on as judged. */
  async #readCoordinates(
    attempts: readonly ClaimAttempt[],
    next: ReadonlyMap<ClaimAttempt, () => void>,
  ): Promise<StoreError | undefined> {
    const { store } = this.#terms;
    const keys = attempts.map((attempt) => attempt.wanted.prepared.coordinatesKey);
    const results = await callStore('read', keys.length, () => store.read(keys, { signal: this.#signal }), this.#terms);
    let error: StoreError | undefined;
    attempts.forEach((attempt, index) => {
      const result = results[index];
      if (result?.kind === 'failed') error = result.error;
      else if (result?.marker !== undefined && this.#judge(attempt, result.marker).kind === 'completed') {
        attempt.wanted.entry.wasDeadLettered = true;
        attempt.result = { kind: 'duplicate' };
      } else next.get(attempt)?.();
    });
    return error;
  }
}

function mayBeDeadLettered({ wanted }: ClaimAttempt, marker: Marker, judgement: Judgement): boolean {
  const { keyKind, fingerprint } = wanted.prepared;
  if (keyKind !== 'businessId') return false;
  return (
    judgement.kind === 'free' ||
    judgement.kind === 'unknownOutcome' ||
    (judgement.kind === 'completed' && !isSamePayload(fingerprint, marker.fingerprint))
  );
}
