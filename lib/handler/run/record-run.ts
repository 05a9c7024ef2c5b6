import { AttemptsExhaustedError, KeyHeldError, UnknownOutcomeError } from '../../core/errors/errors.ts';
import type { DeadLetterReason } from '../../ports/dead-letter-sink.ts';
import type { HeldClaim } from '../claims/held-claim.ts';
import type { Entry, Unit } from './entry.ts';
import { giveUpReason } from './give-up.ts';
import { RecordEndings } from './record-endings.ts';
import { type HandlerResult, runHandler } from './run-handler.ts';
import { Unconfirmed } from './unconfirmed.ts';
import type { UnitRunParts } from './unit-run-parts.ts';

/** Takes claimed records of one unit through their handler to their outcome. */
export class RecordRun {
  readonly #unit: Unit;
  readonly #parts: UnitRunParts;
  /** Completions that are on their way. */
  readonly unconfirmed: Unconfirmed = new Unconfirmed();
  readonly endings: RecordEndings;

  constructor(unit: Unit, parts: UnitRunParts) {
    this.#unit = unit;
    this.#parts = parts;
    this.endings = new RecordEndings(unit, parts, () => this.unconfirmed.atMost(0));
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
      await this.#giveUp(claim, claim.verdict, error);
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
      await this.#giveUp(claim, 'keyHeld', error);
    } else if (result !== undefined) await this.#conclude(claim, result);
  }

  async #start(claim: HeldClaim): Promise<HandlerResult | 'keyHeld' | undefined> {
    const { terms, releases, leases, holds } = this.#parts;
    const isHeld = terms.budget.mayStart() && (await leases.ensure(claim));
    // To wait for the slot and to look after the lease may have taken long.
    const mayStart = terms.budget.mayStart();
    if (this.#unit.stopped || !mayStart || !isHeld) {
      await releases.giveBack(claim);
      if (!this.#unit.stopped) this.endings.stop(claim.entry, mayStart ? 'busy' : 'notAttempted');
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
        await this.endings.fail(claim, result);
        return;
      case 'unsettled':
        // Its claim is never released.
        this.endings.unsettled(entry);
        return;
    }
  }

  async #giveUp(claim: HeldClaim, reason: DeadLetterReason, error: unknown): Promise<void> {
    await this.endings.giveUp({ entry: claim.entry, prepared: claim.prepared, claim, reason, error });
  }

  async #confirm(claim: HeldClaim, result: HandlerResult & { readonly kind: 'resolved' }): Promise<void> {
    const completion = await this.#parts.completions.complete(claim, result.value);
    if (completion === 'confirmed') this.endings.end(claim.entry, 'handled', claim.attempts, result.durationMs);
    else this.endings.stop(claim.entry, 'failed');
  }

  async handleUnprotected(entry: Entry): Promise<void> {
    const { slots, terms, giveUp, deadLetters } = this.#parts;
    const { prepared } = entry;
    if (prepared === undefined) return;
    await slots.take();
    if (this.#unit.stopped || !terms.budget.mayStart()) {
      slots.giveBack();
      if (!this.#unit.stopped) this.endings.stop(entry, 'notAttempted');
      return;
    }
    let result: HandlerResult;
    try {
      entry.started = true;
      terms.observer.observe({ type: 'handledUnprotected', coordinates: entry.received });
      result = await runHandler(prepared, {}, terms.clock, terms.budget);
    } finally {
      slots.giveBack();
    }
    if (result.kind === 'resolved') {
      this.endings.end(entry, 'handled', undefined, result.durationMs);
      return;
    }
    if (result.kind === 'unsettled') {
      this.endings.unsettled(entry);
      return;
    }
    const { error } = result;
    const reason = giveUpReason(error, 0, giveUp);
    if (reason !== undefined && deadLetters !== undefined) {
      await this.endings.giveUp({ entry, prepared, claim: undefined, reason, error });
    } else this.endings.stop(entry, 'failed', error, undefined, result.durationMs);
  }
}
