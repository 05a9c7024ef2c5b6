import { formatCoordinates } from '../../core/coordinates.ts';
import { PositionError } from '../../core/errors/errors.ts';
import { isDone } from '../../core/outcome.ts';
import { judgePosition } from '../../core/position/judge-position.ts';
import type { Entry, Prepared, Unit } from '../run/entry.ts';
import { RecordEndings } from '../run/record-endings.ts';
import type { Ready } from './calls/calls.ts';
import { conclude } from './calls/conclude.ts';
import type { Started } from './calls/started.ts';
import { UnitRuns } from './calls/unit-runs.ts';
import { effectFailure } from './effect-failure.ts';
import { FailedRecords } from './failed-records.ts';
import type { Ended } from './member.ts';
import { OnTheWay } from './on-the-way.ts';
import { type Moved, PositionMember } from './position-member.ts';
import type { PositionParts } from './position-parts.ts';
import type { KnownPosition } from './positions.ts';
import type { Starts } from './starts/starts.ts';

/**
 * Runs the records of one topic-partition in `position` mode.
 *
 * Of each record, in its order: time left? → below the position? → handler → commit of its effects and the position behind
 * it. When the position turns out to have moved, what lies below it is done, and the rest is handled again: its handlers may
 * have read what the other invocation wrote.
 */
export class PositionUnitRun {
  readonly #unit: Unit;
  readonly #parts: PositionParts;
  readonly #known: KnownPosition;
  readonly #onTheWay: OnTheWay;
  readonly #endings: RecordEndings;
  readonly #failed: FailedRecords;
  readonly #runs: UnitRuns<Ready>;
  /** Whoever has failed before comes first: the position does not pass it. */
  #isAnyReady = false;
  /** The first record to be looked at once more. */
  #rewindTo: number | undefined;

  constructor(unit: Unit, parts: PositionParts) {
    this.#unit = unit;
    this.#parts = parts;
    this.#onTheWay = new OnTheWay(parts);
    this.#known = parts.positions.of(unit);
    const passOver = (entry: Entry): Promise<boolean> => this.#passOver(entry);
    this.#endings = new RecordEndings(unit, parts.shared, () => Promise.resolve(), passOver);
    this.#failed = new FailedRecords(parts.shared, this.#endings, (entry) => this.#isUnmoved(entry));
    this.#runs = new UnitRuns(unit, parts.calls, parts.shared.giveUp.maxAttempts, {
      ready: (entry, isFirst) => this.#ready(entry, isFirst),
      conclude: (ready, started) => this.#conclude(ready, started),
    });
  }

  async run(): Promise<void> {
    const { positions, mostAhead, starts } = this.#parts;
    const { entries } = this.#unit;
    await this.#onTheWay.whileExpected(async () => {
      const unread = await positions.known(this.#unit);
      const [first] = entries;
      if (unread !== undefined && first !== undefined) this.#endings.stop(first, 'failed', unread);
      for (let at = 0; !this.#unit.stopped; ) {
        await this.#onTheWay.atMost(at < entries.length && !starts?.holdsBack(this.#unit) ? mostAhead - 1 : 0);
        at = await this.#rewound(at);
        if (at >= entries.length || this.#unit.stopped) break;
        at = await this.#runs.run(at);
      }
      await this.#onTheWay.atMost(0);
      this.#endings.endRest();
    });
  }

  /** Where to go on: further back, when the position has moved. */
  async #rewound(at: number): Promise<number> {
    if (this.#rewindTo === undefined) return at;
    await this.#onTheWay.atMost(0);
    const from = this.#rewindTo;
    this.#rewindTo = undefined;
    // Its handler may have changed what it was given.
    for (const entry of this.#unit.entries.slice(from)) entry.prepared = undefined;
    this.#runs.forget();
    this.#parts.commits.reopen(this.#unit);
    return from;
  }

  async #ready(entry: Entry, isFirst: boolean): Promise<Ready | 'ended' | 'later'> {
    const { shared, generation } = this.#parts;
    const { received } = entry;
    const before = this.#unit.entries[entry.index - 1]?.received;
    const isInOrder = before === undefined || before.offset < received.offset;
    const judged = isInOrder ? judgePosition(this.#known.position, received, generation) : 'outOfOrder';
    const mayStart = shared.terms.budget.mayStart();
    if (judged === 'new' && mayStart) {
      const prepared = entry.prepared ?? (await shared.prepare(entry));
      entry.prepared = prepared;
      const { starts } = this.#parts;
      if (starts !== undefined && (await starts.isToBeCounted(entry))) {
        if (!isFirst) return 'later';
        if (!(await this.#isCounted(starts, entry, prepared))) return entry.outcome === undefined ? 'later' : 'ended';
      }
      const attempts = this.#isAnyReady ? undefined : await this.#parts.earlier?.attempt(prepared);
      this.#isAnyReady = true;
      return { entry, prepared, attempts };
    }
    // What stops the unit would take what is before it along.
    if (!isFirst) return 'later';
    if (!mayStart) this.#endings.stop(entry, 'notAttempted');
    else if (judged === 'duplicate') this.#endings.end(entry, 'duplicate');
    else if (judged !== 'new') this.#refuse(entry, this.#whyNot(judged));
    return 'ended';
  }

  /** Counts that its handler ended the process; false: that was one attempt too many, or could not be counted. */
  async #isCounted(starts: Starts, entry: Entry, prepared: Prepared): Promise<boolean> {
    if (!(await this.#isStillNew(entry))) return false;
    const counted = await this.#onTheWay.outside(starts.count(entry, () => this.#failed.count(entry, prepared)));
    if (typeof counted === 'boolean') return counted && this.#rewindTo === undefined;
    this.#endings.stop(entry, 'failed', counted);
    return false;
  }

  #whyNot(judged: 'outOfOrder' | 'misplaced' | 'outdated'): string {
    switch (judged) {
      case 'outOfOrder':
        return 'stands behind a higher offset in its batch: a position speaks for an ordered prefix';
      case 'misplaced':
        return 'is below the position but later than all that is done: the topic was made again or truncated; raise generation to start anew';
      case 'outdated':
        return `the position has a higher generation than the handler's ${this.#parts.generation}: an older version is still running`;
    }
  }

  #refuse(entry: Entry, why: string): void {
    const message = `${formatCoordinates(entry.received)}: ${why}`;
    this.#parts.shared.terms.observer.observe({ type: 'warning', message });
    this.#endings.stop(entry, 'failed', new PositionError(message));
  }

  async #conclude(ready: Ready, started: Started): Promise<void> {
    const { entry, prepared } = ready;
    // Whatever it is, the record will be looked at once more.
    if (this.#rewindTo !== undefined && started.kind !== 'unsettled') return;
    await conclude(entry, started, this.#endings, {
      keyHeld: async () => {
        if (await this.#isStillNew(entry)) await this.#failed.putAside(entry, prepared);
      },
      threw: async (thrown) => {
        if (await this.#isStillNew(entry)) await this.#failed.fail(entry, prepared, thrown);
      },
      resolved: (resolved) => {
        const settle = (ended: Ended<Moved>): Promise<boolean> => this.#settle(ready, resolved, ended);
        this.#onTheWay.add(this.#parts.commits.offer(new PositionMember(entry, resolved.effects, settle)));
      },
    });
  }

  /** No throw is believed before a read shows that nobody else has done the record. */
  async #isStillNew(entry: Entry): Promise<boolean> {
    await this.#onTheWay.atMost(0);
    return await this.#isUnmoved(entry);
  }

  /** Whether the position is where it was; if not, the record is looked at once more. */
  async #isUnmoved(entry: Entry): Promise<boolean> {
    if (this.#unit.stopped || this.#rewindTo !== undefined) return false;
    const now = await this.#parts.positions.fresh(this.#unit);
    if (now === 'same') return true;
    if (now === 'moved') this.#rewindTo = entry.index;
    else this.#endings.stop(entry, 'failed', now);
    return false;
  }

  async #settle(
    { entry, prepared }: Ready,
    started: Started & { readonly kind: 'resolved' },
    ended: Ended<Moved>,
  ): Promise<boolean> {
    const { durationMs, startedAtMs, effects } = started;
    switch (ended.kind) {
      case 'committed':
        this.#endings.end(entry, 'handled', undefined, durationMs);
        return true;
      case 'dropped':
        // Nothing behind it may be passed by, whatever became of the one before it.
        this.#rewindTo = Math.min(this.#rewindTo ?? entry.index, entry.index);
        return false;
      case 'reviewed':
        this.#rewindTo = entry.index;
        return false;
      case 'failed':
        this.#endings.stop(entry, 'failed', ended.error, undefined, durationMs);
        return false;
      default: {
        const error = effectFailure(entry.received, effects, ended);
        await this.#failed.fail(entry, prepared, { kind: 'threw', error, durationMs, startedAtMs });
        return entry.outcome !== undefined && isDone(entry.outcome) && this.#rewindTo === undefined;
      }
    }
  }

  /** Commits the position behind a record that is done without effects: a dead letter. */
  async #passOver(entry: Entry): Promise<boolean> {
    const member = new PositionMember(entry, [], () => Promise.resolve(true));
    const ended = await this.#parts.commits.now(member);
    if (ended.kind === 'committed') return true;
    if (ended.kind !== 'reviewed') return false;
    // Another invocation is at it: what is handled here behind the record may be done there.
    const isBelow = judgePosition(this.#known.position, entry.received, this.#parts.generation) === 'duplicate';
    this.#rewindTo = isBelow ? entry.index + 1 : entry.index;
    return isBelow;
  }
}
