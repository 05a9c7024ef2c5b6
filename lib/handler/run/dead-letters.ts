import { formatCoordinates } from '../../core/coordinates.ts';
import { DeadLetterNotStoredError } from '../../core/dead-letter/dead-letter-error.ts';
import { TimeBudgetError } from '../../core/errors/errors.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { DeadLetterReason, DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { CompletedWrite } from '../../ports/idempotency-store.ts';
import { type ClaimTerms, expiresAt } from '../claims/claim-terms.ts';
import type { Completions } from '../claims/completions.ts';
import type { HeldClaim } from '../claims/held-claim.ts';
import type { Holds } from '../claims/holds.ts';
import type { Releases } from '../claims/releases.ts';
import { callStore } from '../claims/store-failure.ts';
import type { Entry, Prepared } from './entry.ts';
import { errorDetail } from './error-detail.ts';
import { errorNameOf } from './give-up.ts';
import { wait } from './wait.ts';

export interface DeadLettersParts {
  readonly sink: DeadLetterSink;
  readonly terms: ClaimTerms;
  readonly completions: Completions;
  readonly releases: Releases;
  readonly holds: Holds;
  readonly namespace: string;
  readonly clusterLabel: string;
}

/** A record to give up on, with its claim if it has one. */
export interface GivenUp {
  readonly entry: Entry;
  readonly prepared: Prepared;
  readonly claim: HeldClaim | undefined;
  readonly reason: DeadLetterReason;
  readonly error: unknown;
}

/**
 * Sends records to the dead-letter sink and marks them under their coordinates.
 *
 * First the letter, then the marks: a crash in between makes a second letter, never none. The business ID stays free, so
 * that a corrected resend is handled; but not where the outcome is unknown: then others of that ID are put aside as well.
 * The Kafka key is held before the record is marked: a mark alone would let the next of its key pass.
 */
export class DeadLetters {
  readonly #parts: DeadLettersParts;

  constructor(parts: DeadLettersParts) {
    this.#parts = parts;
  }

  /** True once the letter is stored durably and its Kafka key held, if that is asked for; on false the claim is still held. */
  async send(givenUp: GivenUp): Promise<boolean> {
    const { sink, terms, holds, namespace, clusterLabel } = this.#parts;
    const { entry, prepared, claim, reason, error } = givenUp;
    const coordinates = entry.received;
    // Whoever takes over a claim that is lost may handle the record: no letter of it is to be stored any more.
    const { sending } = terms.budget;
    const signal = claim === undefined ? sending : AbortSignal.any([sending, claim.lost]);
    try {
      signal.throwIfAborted();
      const stored = sink.send(
        {
          record: entry.received,
          reason,
          error,
          attempts: attemptsMade(givenUp),
          idempotencyKey: prepared.idempotencyKey,
          holdKey: prepared.holdKey,
          clusterLabel,
          namespace,
          deadLetteredAtMs: terms.clock.nowMs(),
        },
        { signal },
      );
      // A sink that ignores its signal must not outlast the invocation; only its own word makes a letter stored.
      const first = await Promise.race([stored.then(() => 'stored' as const), ended(signal)]);
      if (first === 'ended') throw new TimeBudgetError('the dead-letter sink did not answer in time');
    } catch (failure) {
      // Only our own sink's words are known to hold nothing of a record.
      const detail = failure instanceof DeadLetterNotStoredError ? failure.message : errorDetail(failure);
      terms.observer.observe({ type: 'deadLetterFailed', coordinates, errorName: errorNameOf(failure), detail });
      return false;
    }
    terms.observer.observe({
      ...{ type: 'deadLettered', coordinates, reason },
      errorName: errorNameOf(error),
      detail: errorDetail(error),
    });
    if (!(await holds.hold(prepared, formatCoordinates(coordinates)))) return false;
    await this.#mark(givenUp);
    return true;
  }

  /**
   * A mark that cannot be written costs a second letter at a redelivery; or, where the reason for the letter is gone by then,
   * the record is handled after all.
   */
  async #mark({ entry, prepared, claim, reason }: GivenUp): Promise<void> {
    const { terms, completions, releases } = this.#parts;
    if (claim !== undefined && prepared.keyKind === 'fallback') {
      await completions.complete(claim, undefined);
      return;
    }
    const marker = {
      idempotencyKey: prepared.coordinatesKey,
      expiresAtSeconds: expiresAt(terms),
      fingerprint: prepared.fingerprint,
      source: formatCoordinates(entry.received),
    };
    await this.#markCoordinates(marker);
    if (claim === undefined) return;
    // Its effect may have happened: no other record of that ID may be handled as if nothing had been.
    const isUnknown = reason === 'unknownOutcome' || (reason === 'keyHeld' && claim.suspected !== undefined);
    if (isUnknown) await releases.giveBack(claim);
    else await releases.afterFailure(claim, 0);
  }

  /** An outage is waited out as long as something may be started. */
  async #markCoordinates(marker: CompletedWrite): Promise<void> {
    const { terms } = this.#parts;
    const { store, clock, randomness, budget } = terms;
    const call = { signal: budget.answering };
    for (let failures = 1; ; failures += 1) {
      const [result] = await callStore('markCompleted', 1, () => store.markCompleted([marker], call), terms);
      if (result?.kind !== 'failed' || result.error.kind !== 'unavailable') return;
      if (!(await wait(clock, backoffMs(failures, randomness.fraction()), budget.starting))) return;
    }
  }
}

/** The last one included, where there was one: a record of a held key is put aside before its handler starts. */
function attemptsMade({ claim, reason }: GivenUp): number {
  if (claim === undefined) return 1;
  return reason === 'keyHeld' ? claim.attempts - 1 : claim.attempts;
}

/** Resolves when the signal is aborted. */
function ended(signal: AbortSignal): Promise<'ended'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('ended');
    else signal.addEventListener('abort', () => resolve('ended'), { once: true });
  });
}
