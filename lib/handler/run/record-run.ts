import {
  AttemptsExhaustedError,
  FingerprintMismatchError,
  KeyHeldError,
  UnknownOutcomeError,
} from '../../core/errors/errors.ts';
import type { Outcome, UndoneOutcome } from '../../core/outcome.ts';
import type { DeadLetterReason } from '../../ports/dead-letter-sink.ts';
import type { HeldClaim } from '../claims/held-claim.ts';
import type { Entry, Prepared, Unit } from './entry.ts';
import { errorDetail } from './error-detail.ts';
import { errorNameOf, giveUpReason } from './give-up.ts';
import { type HandlerResult, runHandler } from './run-handler.ts';
import { Unconfirmed } from './unconfirmed.ts';
import type { UnitRunParts } from './unit-run-parts.ts';

/** Takes claimed records of one unit through their handler to their outcome. */
export class RecordRun {
  readonly #unit: Unit;
  readonly #parts: UnitRunParts;
  /** Completions that are on their way. */
  readonly unconfirmed: Unconfirmed = new Unconfirmed();
  /** What becomes of the records behind the one that stopped the unit. */
  #restOutcome: UndoneOutcome = 'heldBack';

  constructor(unit: Unit, parts: UnitRunParts) {
    this.#unit = unit;
    this.#parts = parts;
  }

  /** Handles a claimed record; returns when its handler has ended, its completion may still be on its way. */
  async handle(claim: HeldClaim, hasSlot: boolean): Promise<void> {
    const { slots } = this.#parts;
    if (claim.verdict !== 'handle') {
      if (hasSlot) slots.giveBack();
      if (this.#unit.stopped) return await this.#parts.releases.giveBack(claim);
      const unknown = claim.verdict === 'unknownOutcome';
      const error = unknown
        ? new UnknownOutcomeError('an earlier attempt ended without a sign of what became of its effect')
        : new AttemptsExhaustedError(`${claim.attempts - 1} attempts ended the process`);
      await this.#giveUp(claim.entry, claim.prepared, claim, claim.verdict, error);
      return;
    }
    if (!hasSlot) await slots.take();
    let result: HandlerResult | 'keyHeld' | undefined;
    try {
      result = await this.#start(claim);
    } finally {
      slots.giveBack();
    }
    if (result === 'keyHeld') {
      const error = new KeyHeldError('an earlier record of this Kafka key is a dead letter');
      await this.#giveUp(claim.entry, claim.prepared, claim, 'keyHeld', error);
    } else if (result !== undefined) await this.#conclude(claim, result);
  }

  async #start(claim: HeldClaim): Promise<HandlerResult | 'keyHeld' | undefined> {
    const { terms, releases, leases, holds } = this.#parts;
    const isHeld = terms.budget.mayStart() && (await leases.ensure(claim));
    // To wait for the slot and to look after the lease may have taken long.
    const mayStart = terms.budget.mayStart();
    if (this.#unit.stopped || !mayStart || !isHeld) {
      await releases.giveBack(claim);
      if (!this.#unit.stopped) this.stop(claim.entry, mayStart ? 'busy' : 'notAttempted');
      return undefined;
    }
    if (holds.isHeld(claim.prepared)) return 'keyHeld';
    claim.entry.started = true;
    return await runHandler(claim.prepared, claim, terms.clock, terms.budget);
  }

  async #conclude(claim: HeldClaim, result: HandlerResult): Promise<void> {
    const { entry } = claim;
    switch (result.kind) {
      case 'resolved':
        this.#parts.pace.note(result.durationMs);
        this.unconfirmed.add(this.#confirm(claim, result));
        return;
      case 'threw':
        await this.#fail(claim, result);
        return;
      case 'unsettled':
        // Its claim is never released: the work goes on, and only the end of the process stops it.
        this.#parts.unsettled.push(entry);
        this.#parts.terms.observer.observe({ type: 'handlerUnsettled', coordinates: entry.received });
        this.stop(entry, 'failed');
        return;
    }
  }

  async #confirm(claim: HeldClaim, result: HandlerResult & { readonly kind: 'resolved' }): Promise<void> {
    const completion = await this.#parts.completions.complete(claim, result.value);
    if (completion === 'confirmed') this.end(claim.entry, 'handled', claim.attempts, result.durationMs);
    else this.stop(claim.entry, 'failed');
  }

  async #fail(claim: HeldClaim, thrown: HandlerResult & { readonly kind: 'threw' }): Promise<void> {
    const { terms, releases, giveUp, deadLetters } = this.#parts;
    const { entry, prepared } = claim;
    // A handler cut short because others had used the time is not to blame for it.
    const counts = !terms.budget.handling.aborted || terms.budget.hadMostOfTheTime(thrown.startedAtMs);
    const attempts = counts ? claim.attempts : claim.attempts - 1;
    const reason = claim.lost.aborted ? undefined : giveUpReason(thrown.error, attempts, giveUp);
    if (reason !== undefined && deadLetters !== undefined) {
      await this.#giveUp(entry, prepared, claim, reason, thrown.error);
      return;
    }
    await releases.afterFailure(claim, attempts);
    this.stop(entry, 'failed', thrown.error, claim.attempts, thrown.durationMs);
  }

  async endMismatch(entry: Entry): Promise<void> {
    const { terms, onFingerprintMismatch, deadLetters } = this.#parts;
    terms.observer.observe({ type: 'fingerprintMismatch', coordinates: entry.received });
    const error = new FingerprintMismatchError('this business ID took effect before with another payload');
    if (onFingerprintMismatch === 'skip') this.end(entry, 'duplicate');
    else if (onFingerprintMismatch === 'reject' && deadLetters !== undefined && entry.prepared !== undefined) {
      await this.#giveUp(entry, entry.prepared, undefined, 'fingerprintMismatch', error);
    } else this.stop(entry, 'failed', error);
  }

  async handleUnprotected(entry: Entry): Promise<void> {
    const { slots, terms, giveUp, deadLetters } = this.#parts;
    const { prepared } = entry;
    if (prepared === undefined) return;
    await slots.take();
    if (this.#unit.stopped || !terms.budget.mayStart()) {
      slots.giveBack();
      if (!this.#unit.stopped) this.stop(entry, 'notAttempted');
      return;
    }
    let result: HandlerResult;
    try {
      entry.started = true;
      terms.observer.observe({ type: 'handledUnprotected', coordinates: entry.received });
      result = await runHandler(prepared, undefined, terms.clock, terms.budget);
    } finally {
      slots.giveBack();
    }
    if (result.kind === 'resolved') {
      this.end(entry, 'handled', undefined, result.durationMs);
      return;
    }
    if (result.kind === 'unsettled') {
      this.#parts.unsettled.push(entry);
      terms.observer.observe({ type: 'handlerUnsettled', coordinates: entry.received });
      this.stop(entry, 'failed');
      return;
    }
    const reason = giveUpReason(result.error, 0, giveUp);
    if (reason !== undefined && deadLetters !== undefined) {
      await this.#giveUp(entry, prepared, undefined, reason, result.error);
    } else this.stop(entry, 'failed', result.error, undefined, result.durationMs);
  }

  async #giveUp(
    entry: Entry,
    prepared: Prepared,
    claim: HeldClaim | undefined,
    reason: DeadLetterReason,
    error: unknown,
  ): Promise<void> {
    const { deadLetters, holds } = this.#parts;
    if (prepared.holdKey !== undefined && !holds.isHeld(prepared)) {
      // An earlier record of the key that turns out undone must not meet the hold of a later one.
      await this.unconfirmed.atMost(0);
      if (this.#unit.stopped) {
        await this.#release(claim, reason);
        return;
      }
    }
    const isStored = (await deadLetters?.send({ entry, prepared, claim, reason, error })) ?? false;
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
