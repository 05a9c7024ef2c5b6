import type { Marker } from '../../core/claim/marker.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import { sharesEffect, type Taken } from '../claims/claim-window.ts';
import type { Entry, Unit } from './entry.ts';
import { RecordRun } from './record-run.ts';
import type { UnitRunParts } from './unit-run-parts.ts';
import { wait } from './wait.ts';

/**
 * Runs the records of one ordering unit, one after the other, to their outcomes.
 *
 * Of each record, in this order: time left? → claim → (wait for a busy owner, for the same key in this batch, or to be
 * alone) → lease held? → handler → completion or release or dead letter. The first record that is not done stops the
 * unit. A record's completion may still be on its way while the next is handled, `completionLag` of them at most.
 */
export class UnitRun {
  readonly #unit: Unit;
  readonly #parts: UnitRunParts;
  readonly #records: RecordRun;

  constructor(unit: Unit, parts: UnitRunParts) {
    this.#unit = unit;
    this.#parts = parts;
    this.#records = new RecordRun(unit, parts);
  }

  async run(): Promise<void> {
    const { gate, terms, window } = this.#parts;
    await gate.enter();
    try {
      for (const entry of this.#unit.entries) {
        await this.#records.unconfirmed.atMost(terms.settings.completionLag - 1);
        if (this.#unit.stopped) break;
        if (terms.budget.mayStart()) await this.#advance(entry);
        else this.#records.endings.stop(entry, 'notAttempted');
      }
      await this.#records.unconfirmed.atMost(0);
      this.#records.endings.endRest();
      await window.block(this.#unit, -1);
    } finally {
      gate.leave();
    }
  }

  async #advance(entry: Entry): Promise<void> {
    let taken: Taken | undefined = await this.#take(entry);
    for (let waits = 0; taken !== undefined; waits += 1) taken = await this.#follow(entry, taken, waits);
    this.#parts.window.unblock(this.#unit);
  }

  /** Asks for a record's claim. Where nothing may be claimed ahead, it waits for its handler's turn before. */
  async #take(entry: Entry): Promise<Taken> {
    const { window, slots, claimsWhenReady } = this.#parts;
    if (claimsWhenReady) await slots.take();
    const taken = await window.take(entry);
    if (claimsWhenReady && taken.kind !== 'claimed') slots.giveBack();
    return taken;
  }

  /** Asks once more, after an answer that led to waiting. */
  async #takeAgain(entry: Entry): Promise<Taken> {
    this.#parts.window.forget(entry);
    return await this.#take(entry);
  }

  /** Acts on what came of asking for the claim; answers what came of asking again, or undefined at the end. */
  async #follow(entry: Entry, taken: Taken, waits: number): Promise<Taken | undefined> {
    // A completion may have failed for good meanwhile.
    if (this.#unit.stopped && taken.kind !== 'claimed') return undefined;
    switch (taken.kind) {
      case 'claimed':
        await this.#records.handle(taken.claim, this.#parts.claimsWhenReady);
        return undefined;
      case 'duplicate':
        this.#parts.pace.note(0);
        this.#records.endings.end(entry, 'duplicate');
        return undefined;
      case 'mismatch':
        await this.#records.endings.mismatch(entry);
        return undefined;
      case 'noTime':
        this.#records.endings.stop(entry, 'notAttempted');
        return undefined;
      case 'failed':
        if (taken.error.kind === 'unavailable' && this.#parts.terms.settings.onStoreFailure === 'handleUnprotected') {
          await this.#records.handleUnprotected(entry);
        } else this.#records.endings.stop(entry, 'failed', taken.error);
        return undefined;
      case 'follower':
        return await this.#followLeader(entry, taken.leader, taken.resigned);
      case 'givenBack':
        return await this.#takeAgain(entry);
      case 'busy':
        return await this.#waitForOwner(entry, taken.freeAtMs, waits);
      case 'suspect':
        return await this.#runAlone(entry, taken.seen);
    }
  }

  async #followLeader(entry: Entry, leader: Entry, resigned: Promise<'resigned'>): Promise<Taken | undefined> {
    const { window, gate, terms } = this.#parts;
    if (!leader.started && leader.outcome === undefined) await window.block(this.#unit, entry.index);
    await this.#records.unconfirmed.atMost(0);
    gate.leave();
    const outcome = await Promise.race([leader.settled, resigned, terms.budget.noMoreStarts]);
    await gate.enter();
    if (outcome === 'noMoreStarts') {
      this.#records.endings.stop(entry, 'notAttempted');
      return undefined;
    }
    // Another payload is looked at in the store: it may have been dead-lettered under its coordinates.
    const isProven = entry.prepared !== undefined && sharesEffect(leader, entry.prepared);
    return isProven ? { kind: 'duplicate' } : await this.#takeAgain(entry);
  }

  /** Another invocation works on it: hold nothing that it may be waiting for, and ask again. */
  async #waitForOwner(entry: Entry, freeAtMs: number, waits: number): Promise<Taken | undefined> {
    const { window, gate, terms } = this.#parts;
    await window.block(this.#unit, entry.index);
    await this.#records.unconfirmed.atMost(0);
    gate.leave();
    const untilFreeMs = Math.max(1, freeAtMs - terms.clock.nowMs() + 1);
    const delayMs = Math.min(untilFreeMs, backoffMs(waits, terms.randomness.fraction()));
    const mayStart = await wait(terms.clock, delayMs, terms.budget.starting);
    await gate.enter();
    if (mayStart) return this.#unit.stopped ? undefined : await this.#takeAgain(entry);
    this.#records.endings.stop(entry, 'busy');
    return undefined;
  }

  /** A suspect may end the process: nothing else is claimed or handled meanwhile, so that nothing else is blamed. */
  async #runAlone(entry: Entry, seen: Marker): Promise<Taken | undefined> {
    const { window, gate, terms, acquirer } = this.#parts;
    await window.block(this.#unit, entry.index);
    await this.#records.unconfirmed.atMost(0);
    gate.leave();
    const next = await gate.alone(async (): Promise<Taken | undefined> => {
      await window.drain();
      const { prepared } = entry;
      if (this.#unit.stopped) return undefined;
      if (prepared === undefined || !terms.budget.mayStart()) return { kind: 'noTime' };
      const acquired = await acquirer.acquireSuspect({ entry, prepared }, seen);
      if (acquired.kind !== 'claimed') return acquired;
      await this.#records.handle(acquired.claim, false);
      await this.#records.unconfirmed.atMost(0);
      return undefined;
    });
    await gate.enter();
    return next;
  }
}
