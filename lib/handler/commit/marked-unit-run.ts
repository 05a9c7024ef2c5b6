import { backoffMs } from '../../core/time/backoff.ts';
import { sharesEffect } from '../claims/claim-window.ts';
import type { Entry, Prepared, Unit } from '../run/entry.ts';
import { RecordEndings } from '../run/record-endings.ts';
import { Unconfirmed } from '../run/unconfirmed.ts';
import { wait } from '../run/wait.ts';
import { FailedRecords } from './failed-records.ts';
import { HandlerStarts } from './handler-starts.ts';
import type { Looked } from './looked.ts';
import type { MarkedParts } from './marked-parts.ts';

/**
 * Runs the records of one ordering unit in a mode that marks them without claiming them first.
 *
 * Of each record, in its order: time left? → another record of this batch with its key? → marker? → handler → mark or
 * commit. The first record that is not done stops the unit. Up to `mostAhead` records may be handled while those
 * before them are still on their way to their mark.
 */
export class MarkedUnitRun {
  readonly #unit: Unit;
  readonly #parts: MarkedParts;
  readonly #unconfirmed = new Unconfirmed();
  readonly #endings: RecordEndings;
  readonly #failed: FailedRecords;
  readonly #starts: HandlerStarts;

  constructor(unit: Unit, parts: MarkedParts) {
    this.#unit = unit;
    this.#parts = parts;
    // Whoever is given up on is so in its turn, when all before it are settled.
    this.#endings = new RecordEndings(unit, parts.shared, () => Promise.resolve());
    this.#failed = new FailedRecords(parts.shared, this.#endings);
    this.#starts = new HandlerStarts(parts.shared, parts.recorder);
  }

  async run(): Promise<void> {
    const { expectation, mostAhead } = this.#parts;
    expectation.enter();
    try {
      for (const entry of this.#unit.entries) {
        await this.#confirmed(mostAhead - 1);
        if (this.#unit.stopped) break;
        await this.#advance(entry);
      }
      await this.#confirmed(0);
      this.#endings.endRest();
    } finally {
      expectation.leave();
    }
  }

  async #confirmed(but: number): Promise<void> {
    if (this.#unconfirmed.size > but) await this.#parts.expectation.outside(this.#unconfirmed.atMost(but));
  }

  async #advance(entry: Entry): Promise<void> {
    const { looks } = this.#parts;
    const prepared = await looks.prepared(entry);
    let isAhead = true;
    for (let waits = 0; !this.#unit.stopped; waits += 1) {
      if (!this.#parts.shared.terms.budget.mayStart()) return this.#endings.stop(entry, 'notAttempted');
      const turn = await this.#turn(entry, prepared);
      if (turn === 'done') return;
      if (turn === 'after') isAhead = false;
      if (turn === 'again') continue;
      const looked = isAhead ? await looks.take(entry) : await looks.fresh(entry);
      if (this.#unit.stopped) return;
      if (looked.kind === 'free') return await this.#handle(entry, prepared, looked);
      if (looked.kind !== 'busy') return await this.#end(entry, looked);
      isAhead = false;
      if (!(await this.#waitForOwner(looked.freeAtMs, waits))) return this.#endings.stop(entry, 'busy');
    }
  }

  /** Lets an earlier record with the same key go first. `after`: it did, and came to nothing for this one. */
  async #turn(entry: Entry, prepared: Prepared): Promise<'first' | 'after' | 'again' | 'done'> {
    const { leaders, shared, expectation } = this.#parts;
    const { idempotencyKey } = prepared;
    const leader = leaders.leaderFor(idempotencyKey, entry);
    if (leader === entry) return 'first';
    if (leader.outcome === undefined) {
      // Whoever waits must have nothing on its way that others wait for.
      await this.#confirmed(0);
      const { budget } = shared.terms;
      await expectation.outside(Promise.race([leader.settled, budget.noMoreStarts]));
      return 'again';
    }
    if (sharesEffect(leader, prepared)) {
      this.#endings.end(entry, 'duplicate');
      return 'done';
    }
    leaders.pass(idempotencyKey, entry);
    return 'after';
  }

  /** Another invocation has a claim on it, because it failed there. */
  async #waitForOwner(freeAtMs: number, waits: number): Promise<boolean> {
    const { shared, expectation } = this.#parts;
    const { clock, randomness, budget } = shared.terms;
    await this.#confirmed(0);
    const delayMs = Math.min(Math.max(1, freeAtMs - clock.nowMs() + 1), backoffMs(waits, randomness.fraction()));
    return await expectation.outside(wait(clock, delayMs, budget.starting));
  }

  async #end(entry: Entry, looked: Exclude<Looked, { readonly kind: 'free' | 'busy' }>): Promise<void> {
    switch (looked.kind) {
      case 'duplicate':
        this.#endings.end(entry, 'duplicate');
        return;
      case 'mismatch':
        await this.#confirmed(0);
        if (!this.#unit.stopped) await this.#endings.mismatch(entry);
        return;
      case 'failed':
        await this.#confirmed(0);
        if (!this.#unit.stopped) this.#endings.stop(entry, 'failed', looked.error);
        return;
    }
  }

  async #handle(entry: Entry, prepared: Prepared, { seen }: Looked & { readonly kind: 'free' }): Promise<void> {
    const attempts = (seen?.status === 'COMPLETED' ? 0 : (seen?.attempts ?? 0)) + 1;
    const started = await this.#starts.start(entry, prepared, attempts);
    switch (started.kind) {
      case 'stopped':
        return;
      case 'notAttempted':
        return this.#endings.stop(entry, 'notAttempted');
      case 'keyUnread':
        return this.#endings.stop(entry, 'failed', started.error);
      case 'unsettled':
        return this.#endings.unsettled(entry);
      case 'keyHeld':
        await this.#confirmed(0);
        if (!this.#unit.stopped) await this.#failed.putAside(entry, prepared);
        return;
      case 'threw':
        await this.#confirmed(0);
        if (!this.#unit.stopped) await this.#failed.fail(entry, prepared, started);
        return;
      case 'resolved': {
        const { value: result, effects, startedAtMs, durationMs } = started;
        const handled = { entry, prepared, seen, attempts, effects, result, startedAtMs, durationMs };
        // What comes behind an undone record has written nothing, and is not to.
        if (!this.#unit.stopped) this.#unconfirmed.add(this.#parts.finish(handled, this.#endings, this.#failed));
      }
    }
  }
}
