import type { Marker } from '../../core/claim/marker.ts';
import type { UndoneOutcome } from '../../core/outcome.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import { sharesEffect } from '../claims/claim-window.ts';
import type { Entry, Prepared, Unit } from '../run/entry.ts';
import { RecordEndings } from '../run/record-endings.ts';
import { wait } from '../run/wait.ts';
import type { Ready } from './calls/calls.ts';
import { conclude } from './calls/conclude.ts';
import type { Started } from './calls/started.ts';
import { UnitRuns } from './calls/unit-runs.ts';
import { FailedRecords } from './failed-records.ts';
import type { Looked } from './looked.ts';
import type { MarkedParts } from './marked-parts.ts';
import { OnTheWay } from './on-the-way.ts';
import type { Starts } from './starts/starts.ts';

/** A record whose handler may be called, and the marker that its own will replace. */
interface MarkedReady extends Ready {
  readonly attempts: number;
  readonly seen: Marker | undefined;
}

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
  readonly #onTheWay: OnTheWay;
  readonly #endings: RecordEndings;
  readonly #failed: FailedRecords;
  readonly #runs: UnitRuns<MarkedReady>;

  constructor(unit: Unit, parts: MarkedParts) {
    this.#unit = unit;
    this.#parts = parts;
    this.#onTheWay = new OnTheWay(parts);
    // Whoever is given up on is so in its turn, when all before it are settled.
    this.#endings = new RecordEndings(unit, parts.shared, () => Promise.resolve());
    this.#failed = new FailedRecords(parts.shared, this.#endings);
    this.#runs = new UnitRuns(unit, parts.calls, parts.shared.giveUp.maxAttempts, {
      ready: (entry, isFirst) => (isFirst ? this.#ready(entry) : this.#readyBehind(entry)),
      conclude: (ready, started) => this.#conclude(ready, started),
    });
  }

  async run(): Promise<void> {
    const { mostAhead, starts } = this.#parts;
    await this.#onTheWay.whileExpected(async () => {
      for (let at = 0; at < this.#unit.entries.length; ) {
        await this.#onTheWay.atMost(starts?.holdsBack(this.#unit) ? 0 : mostAhead - 1);
        if (this.#unit.stopped) break;
        at = await this.#runs.run(at);
      }
      await this.#onTheWay.atMost(0);
      this.#endings.endRest();
    });
  }

  async #ready(entry: Entry): Promise<MarkedReady | 'ended'> {
    const { looks } = this.#parts;
    const prepared = await looks.prepared(entry);
    let isAhead = true;
    for (let waits = 0; !this.#unit.stopped; waits += 1) {
      if (!this.#parts.shared.terms.budget.mayStart()) return this.#stop(entry, 'notAttempted');
      const turn = await this.#turn(entry, prepared);
      if (turn === 'done') return 'ended';
      if (turn === 'after') isAhead = false;
      if (turn === 'again') continue;
      const looked = isAhead ? await looks.take(entry) : await looks.fresh(entry);
      if (this.#unit.stopped) return 'ended';
      if (looked.kind === 'free') {
        const { starts } = this.#parts;
        if (starts === undefined || !(await starts.isToBeCounted(entry))) return readyOf(entry, prepared, looked);
        if (await this.#isCounted(starts, entry, prepared)) continue;
        return 'ended';
      }
      if (looked.kind !== 'busy') return await this.#end(entry, looked);
      if (!(await this.#waitForOwner(looked.freeAtMs, waits))) return this.#stop(entry, 'busy');
    }
    return 'ended';
  }

  /** A record behind others that have still to be handled: nothing is waited for. */
  async #readyBehind(entry: Entry): Promise<MarkedReady | 'ended' | 'later'> {
    const { looks, leaders, shared } = this.#parts;
    const prepared = await looks.prepared(entry);
    const looked = await looks.peek(entry);
    if (this.#unit.stopped || !shared.terms.budget.mayStart()) return 'later';
    if (looked?.kind === 'duplicate') return await this.#end(entry, looked);
    if (looked?.kind !== 'free') return 'later';
    const leader = leaders.leaderFor(prepared.idempotencyKey, entry);
    if (leader === entry) {
      return (await this.#parts.starts?.isToBeCounted(entry)) ? 'later' : readyOf(entry, prepared, looked);
    }
    if (!sharesEffect(leader, prepared)) return 'later';
    this.#endings.end(entry, 'duplicate');
    return 'ended';
  }

  /** Counts that its handler ended the process; false: that was one attempt too many, or could not be counted. */
  async #isCounted(starts: Starts, entry: Entry, prepared: Prepared): Promise<boolean> {
    await this.#onTheWay.atMost(0);
    if (this.#unit.stopped) return false;
    const counted = await this.#onTheWay.outside(starts.count(entry, () => this.#failed.count(entry, prepared)));
    if (typeof counted === 'boolean') return counted;
    this.#endings.stop(entry, 'failed', counted);
    return false;
  }

  /** Lets an earlier record with the same key go first. `after`: it did, and came to nothing for this one. */
  async #turn(entry: Entry, prepared: Prepared): Promise<'first' | 'after' | 'again' | 'done'> {
    const { leaders, shared } = this.#parts;
    const { idempotencyKey } = prepared;
    const leader = leaders.leaderFor(idempotencyKey, entry);
    if (leader === entry) return 'first';
    if (leader.outcome === undefined) {
      // Whoever waits must have nothing on its way that others wait for, nor behind an undone record.
      await this.#onTheWay.atMost(0);
      if (this.#unit.stopped) return 'again';
      const { budget } = shared.terms;
      await this.#onTheWay.outside(Promise.race([leader.settled, budget.noMoreStarts]));
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
    const { clock, randomness, budget } = this.#parts.shared.terms;
    const delayMs = Math.min(Math.max(1, freeAtMs - clock.nowMs() + 1), backoffMs(waits, randomness.fraction()));
    return await this.#onTheWay.outside(wait(clock, delayMs, budget.starting));
  }

  async #end(entry: Entry, looked: Exclude<Looked, { readonly kind: 'free' | 'busy' }>): Promise<'ended'> {
    switch (looked.kind) {
      case 'duplicate':
        this.#endings.end(entry, 'duplicate');
        return 'ended';
      case 'mismatch':
        await this.#onTheWay.atMost(0);
        if (!this.#unit.stopped) await this.#endings.mismatch(entry);
        return 'ended';
      case 'failed':
        await this.#onTheWay.atMost(0);
        return this.#unit.stopped ? 'ended' : this.#stop(entry, 'failed', looked.error);
    }
  }

  #stop(entry: Entry, outcome: UndoneOutcome, error?: unknown): 'ended' {
    this.#endings.stop(entry, outcome, error);
    return 'ended';
  }

  #conclude({ entry, prepared, attempts, seen }: MarkedReady, started: Started): Promise<void> {
    return conclude(entry, started, this.#endings, {
      keyHeld: async () => {
        await this.#onTheWay.atMost(0);
        if (!this.#unit.stopped) await this.#failed.putAside(entry, prepared);
      },
      threw: async (thrown) => {
        await this.#onTheWay.atMost(0);
        if (!this.#unit.stopped) await this.#failed.fail(entry, prepared, thrown);
      },
      resolved: ({ value: result, effects, startedAtMs, durationMs }) => {
        const handled = { entry, prepared, seen, attempts, effects, result, startedAtMs, durationMs };
        this.#onTheWay.add(this.#parts.finish(handled, this.#endings, this.#failed));
      },
    });
  }
}

function readyOf(entry: Entry, prepared: Prepared, { seen }: Looked & { readonly kind: 'free' }): MarkedReady {
  const attempts = (seen?.status === 'COMPLETED' ? 0 : (seen?.attempts ?? 0)) + 1;
  return { entry, prepared, seen, attempts };
}
