import { FingerprintMismatchError } from '../../core/errors/errors.ts';
import type { Outcome, UndoneOutcome } from '../../core/outcome.ts';
import type { DeadLetterReason } from '../../ports/dead-letter-sink.ts';
import type { HeldClaim } from '../claims/held-claim.ts';
import type { GivenUp } from './dead-letters.ts';
import type { Entry, Unit } from './entry.ts';
import { errorDetail } from './error-detail.ts';
import { errorNameOf, giveUpReason } from './give-up.ts';
import type { HandlerResult } from './run-handler.ts';
import type { SharedParts } from './shared-parts.ts';

/** Ends the records of one unit: with an outcome, a dead letter, or a release of their claims. */
export class RecordEndings {
  readonly #unit: Unit;
  readonly #parts: SharedParts;
  /** Waits until every record that ended its handler before is settled. */
  readonly #earlierSettled: () => Promise<void>;
  readonly #passOver: (entry: Entry) => Promise<boolean>;
  /** What becomes of the records behind the one that stopped the unit. */
  #restOutcome: UndoneOutcome = 'heldBack';

  /** @param passOver what else is to be written of a record that is done without a commit; false: it could not be. */
  constructor(
    unit: Unit,
    parts: SharedParts,
    earlierSettled: () => Promise<void>,
    passOver: (entry: Entry) => Promise<boolean> = () => Promise.resolve(true),
  ) {
    this.#unit = unit;
    this.#parts = parts;
    this.#earlierSettled = earlierSettled;
    this.#passOver = passOver;
  }

  /** Ends a claimed record whose handler threw: a dead letter, or a release with its count of attempts. */
  async fail(claim: HeldClaim, thrown: HandlerResult & { readonly kind: 'threw' }): Promise<void> {
    const { terms, releases, giveUp, deadLetters } = this.#parts;
    const { entry, prepared } = claim;
    // A handler cut short because others had used the time is not to blame for it.
    const counts = !terms.budget.handling.aborted || terms.budget.hadMostOfTheTime(thrown.startedAtMs);
    const attempts = counts ? claim.attempts : claim.attempts - 1;
    const exhausting = thrown.hadCompany === true ? 0 : attempts;
    const reason = claim.lost.aborted ? undefined : giveUpReason(thrown.error, exhausting, giveUp);
    if (reason !== undefined && deadLetters !== undefined) {
      await this.giveUp({ entry, prepared, claim, reason, error: thrown.error });
      return;
    }
    await releases.afterFailure(claim, attempts);
    this.stop(entry, 'failed', thrown.error, claim.attempts, thrown.durationMs);
  }

  /** Ends a record whose business ID took effect before with another payload. */
  async mismatch(entry: Entry): Promise<void> {
    const { terms, onFingerprintMismatch, deadLetters } = this.#parts;
    terms.observer.observe({ type: 'fingerprintMismatch', coordinates: entry.received });
    const error = new FingerprintMismatchError('this business ID took effect before with another payload');
    const { prepared } = entry;
    if (onFingerprintMismatch === 'skip') this.end(entry, 'duplicate');
    else if (onFingerprintMismatch === 'reject' && deadLetters !== undefined && prepared !== undefined) {
      await this.giveUp({ entry, prepared, claim: undefined, reason: 'fingerprintMismatch', error });
    } else this.stop(entry, 'failed', error);
  }

  /** Ends a record that turned out to be done before. */
  async duplicate(entry: Entry): Promise<void> {
    if (await this.#passOver(entry)) this.end(entry, 'duplicate');
    else this.stop(entry, 'failed');
  }

  /** Puts a record aside; where that cannot be done it is failed. */
  async giveUp(givenUp: GivenUp): Promise<void> {
    const { entry, prepared, claim, reason, error } = givenUp;
    const { deadLetters, holds } = this.#parts;
    if (prepared.holdKey !== undefined && !holds.isHeld(prepared)) {
      // An earlier record of the key that turns out undone must not meet the hold of a later one.
      await this.#earlierSettled();
      if (this.#unit.stopped) {
        await this.#release(claim, reason);
        return;
      }
    }
    const isStored = ((await deadLetters?.send(givenUp)) ?? false) && (await this.#passOver(entry));
    if (isStored) {
      this.end(entry, 'deadLettered', claim?.attempts);
      return;
    }
    await this.#release(claim, reason);
    this.stop(entry, 'failed', error, claim?.attempts);
  }

  /** Ends the claim of a record that was to be given up on and could not be. */
  async #release(claim: HeldClaim | undefined, reason: DeadLetterReason): Promise<void> {
    const { releases } = this.#parts;
    if (claim === undefined) return;
    const wasStarted = claim.verdict === 'handle' && reason !== 'keyHeld';
    if (wasStarted) await releases.afterFailure(claim, claim.attempts);
    else await releases.giveBack(claim);
  }

  /** A handler that goes on although it was told to stop: only the end of the process stops it. */
  unsettled(entry: Entry): void {
    this.#parts.unsettled.push(entry);
    this.#parts.terms.observer.observe({ type: 'handlerUnsettled', coordinates: entry.received });
    this.stop(entry, 'failed');
  }

  /** The records that were never reached. */
  endRest(): void {
    for (const entry of this.#unit.entries) if (entry.outcome === undefined) this.end(entry, this.#restOutcome);
  }

  /** Ends a record that is not done: nothing more of its unit starts. */
  stop(entry: Entry, outcome: UndoneOutcome, error?: unknown, attempts?: number, durationMs?: number): void {
    this.#unit.stopped = true;
    if (outcome === 'notAttempted') this.#restOutcome = 'notAttempted';
    this.end(entry, outcome, attempts, durationMs, error);
  }

  end(entry: Entry, outcome: Outcome, attempts?: number, durationMs?: number, error?: unknown): void {
    entry.settle(outcome);
    this.#parts.terms.observer.observe({
      type: 'recordEnded',
      coordinates: entry.received,
      outcome,
      attempts,
      handlerDurationMs: durationMs,
      errorName: error === undefined ? undefined : errorNameOf(error),
      detail: error === undefined ? undefined : errorDetail(error),
    });
  }
}
