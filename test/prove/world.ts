import type { DeadLetterReason } from '../../lib/ports/dead-letter-sink.ts';
import type { Cell } from './cells.ts';
import { ClaimLog, type ClaimSeen } from './claim-log.ts';
import { madeAgainAtMs } from './draw-topic.ts';
import { Host } from './host.ts';
import { type PlannedRecord, placeOf, type Schedule } from './schedule.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Where a record stands, as observers are told. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** A call of the user's handler. */
export interface Run {
  readonly record: PlannedRecord;
  readonly host: Host;
  readonly invocation: string;
  /** The claim under which it runs, in modes that claim. */
  readonly claim: ClaimSeen | undefined;
  readonly startedAt: number;
  ended: 'resolved' | 'threw' | undefined;
  /** When its own invocation's answer counted its record among those that are done. */
  acknowledgedAt: number | undefined;
  /** Behind a record of its ordering unit that the same call, for many, named as failed. */
  isBehindFailed: boolean;
  /** It failed, and its handler said so by its name or had no other record. */
  isBlamed: boolean;
}

/** An effect, at the moment (in the order of events) at which it became visible outside. */
export interface EffectSeen {
  readonly run: Run;
  readonly at: number;
  /** It was carried out when its handler had ended or its process was gone. */
  readonly isLate: boolean;
}

const startsAtMs = 1_700_002_000_000;

/** What is true in one schedule, whatever the system under test says of it. */
export class World {
  readonly schedule: Schedule;
  readonly clock: VirtualClock = new VirtualClock(startsAtMs);
  readonly claims: ClaimLog = new ClaimLog();
  readonly effects: EffectSeen[] = [];
  /** Places of records that are stored as dead letters, and when they first were. */
  readonly letters: Map<string, number> = new Map();
  readonly hits: Cell[] = [];
  /** Runs by the event of their start. */
  readonly runs: Map<number, Run> = new Map();
  /** When invocations began and ended, in the order of events; one that never ended has no end. */
  readonly invocations: Map<string, { readonly host: Host; readonly from: number; to: number }> = new Map();
  /** Places of records that threw once and will not again. */
  readonly threw: Set<string> = new Set();
  /** A call for many threw although none of its records was at fault, and none will again. */
  threwInCompany = false;
  /** What the harness itself did not foresee; thrown at the end, where no handler can swallow it. */
  harnessFailure: string | undefined;
  /** Told of every letter, before it is stored; those aside that arrive after their sender gave up, died or stood still. */
  whenPutAside: ((record: PlannedRecord, host: Host, reason: DeadLetterReason) => void) | undefined;
  /** Told of every record that a process says is a duplicate. */
  whenDuplicate: ((place: Place, host: Host) => void) | undefined;
  readonly #records: ReadonlyMap<string, PlannedRecord>;
  #events = 0;
  #hosts = 0;

  constructor(schedule: Schedule) {
    this.schedule = schedule;
    this.#records = new Map(schedule.topics.flat().map((record) => [placeOf(record), record]));
  }

  /** Numbers events in their order: many happen in one millisecond. */
  nextEvent(): number {
    this.#events += 1;
    return this.#events;
  }

  harnessFailed(why: string): void {
    this.harnessFailure ??= why;
  }

  startHost(): Host {
    const { skewsMs } = this.schedule;
    const host = new Host(this, this.#hosts, skewsMs[this.#hosts % skewsMs.length] ?? 0);
    this.#hosts += 1;
    return host;
  }

  recordAt(seen: {
    readonly partition: number;
    readonly offset: number;
    readonly timestampMs: number | undefined;
  }): PlannedRecord {
    const generation = (seen.timestampMs ?? 0) >= madeAgainAtMs ? 1 : 0;
    const record = this.#records.get(placeOf({ ...seen, generation }));
    if (record === undefined) throw new Error(`no record is at ${seen.partition}@${seen.offset}`);
    return record;
  }

  startRun(record: PlannedRecord, host: Host, invocation: string, claim?: ClaimSeen): Run {
    const startedAt = this.nextEvent();
    const run: Run = {
      record,
      host,
      invocation,
      claim,
      startedAt,
      ended: undefined,
      acknowledgedAt: undefined,
      isBehindFailed: false,
      isBlamed: false,
    };
    this.runs.set(startedAt, run);
    return run;
  }

  putAside(record: PlannedRecord, host: Host, reason: DeadLetterReason, isLate: boolean): void {
    if (!isLate) this.whenPutAside?.(record, host, reason);
    const place = placeOf(record);
    if (!this.letters.has(place)) this.letters.set(place, this.nextEvent());
  }

  takeEffect(run: Run): void {
    this.effects.push({ run, at: this.nextEvent(), isLate: run.ended !== undefined || !run.host.isAlive });
  }
}
