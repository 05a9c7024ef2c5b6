import { formatCoordinates, topicPartition } from '../../../core/coordinates.ts';
import { isDone } from '../../../core/outcome.ts';
import type { ClaimResult, ClaimWrite } from '../../../ports/idempotency-store.ts';
import type { StoreError } from '../../../ports/store-error.ts';
import type { ClaimTerms } from '../../claims/claim-terms.ts';
import { callStore } from '../../claims/store-failure.ts';
import type { Entry, Unit } from '../../run/entry.ts';
import { Gather } from '../../run/gather.ts';
import { InFlightItem } from './in-flight-item.ts';
import type { InFlightNote } from './in-flight-note.ts';
import { Turns } from './turns.ts';

/** Makes the key of a topic-partition's in-flight item. */
export type InFlightKeyOf = (coordinates: { readonly topic: string; readonly partition: number }) => string;

export interface StartsParts {
  readonly terms: ClaimTerms;
  readonly keyOf: InFlightKeyOf;
  /** Records of a unit whose handlers may have been called and that are not done, at most. */
  readonly mostInFlight: number;
}

/** Answers why it cannot be noted. */
export type NoteAlone = (isRunning: boolean) => Promise<StoreError | undefined>;

interface Partition {
  readonly item: InFlightItem;
  readonly opening: Promise<StoreError | undefined>;
}

const itemsAWrite = 25;
const gatherMs = 4;

/**
 * Notes in the store that handlers are being called, so that those that end the process count as attempts.
 *
 * One in-flight item a topic-partition, written before the first of its handlers is called and erased before the answer. Where it
 * was left standing, any record that may have been in flight is a suspect: it is called alone, and noted by name before that.
 * Only what was alone is blamed.
 */
export class Starts {
  readonly #parts: StartsParts;
  readonly #units: readonly Unit[];
  readonly #partitions = new Map<string, Partition>();
  /** Suspects of a unit that have ended their handlers. */
  readonly #cleared = new Map<Unit, number>();
  readonly #counted = new Set<Entry>();
  readonly #insertions: Gather<ClaimWrite, ClaimResult>;
  readonly turns: Turns = new Turns();

  constructor(units: readonly Unit[], parts: StartsParts) {
    this.#units = units;
    this.#parts = parts;
    const { terms } = parts;
    this.#insertions = new Gather({
      clock: terms.clock,
      size: itemsAWrite,
      delayMs: gatherMs,
      send: (writes) => {
        const call = { signal: terms.budget.answering };
        return callStore('insert', writes.length, () => terms.store.insert(writes, call), terms);
      },
    });
  }

  /** To be awaited before a handler is called for the record; answers why that cannot be noted. */
  open(entry: Entry): Promise<StoreError | undefined> {
    return this.#partitionOf(entry).opening;
  }

  /** Whether the process ended while only this record's handler was running, and that has still to be counted. */
  async isToBeCounted(entry: Entry): Promise<boolean> {
    if (this.#counted.has(entry)) return false;
    const { item, opening } = this.#partitionOf(entry);
    if ((await opening) !== undefined || item.isOvertaken) return false;
    return item.left?.alone === true && item.left.record === formatCoordinates(entry.received);
  }

  /**
   * Counts it, while nothing else runs: what ends the process in between would have it forgotten.
   *
   * Whoever takes the name out of the item counts, and nobody else, so that one end of a process is one attempt. `count`
   * answers whether the record may be called again; a `StoreError`: nobody could say whose it is to count.
   */
  async count(entry: Entry, count: () => Promise<boolean>): Promise<boolean | StoreError> {
    const { item } = this.#partitionOf(entry);
    const name = formatCoordinates(entry.received);
    return await this.turns.alone(async () => {
      const untaken = await item.note(name, false);
      if (untaken !== undefined) return untaken;
      this.#counted.add(entry);
      if (item.isOvertaken) return true;
      const mayBeCalled = await count();
      const isDoneWith = mayBeCalled || (entry.outcome !== undefined && isDone(entry.outcome));
      if (!isDoneWith) await item.carry(name);
      return mayBeCalled;
    });
  }

  /** Whether its handler may have ended the process, as far as is known. */
  isSuspect(entry: Entry): boolean {
    const { left } = this.#partitionOf(entry).item;
    return isUnder(left, entry) && (this.#cleared.get(entry.unit) ?? 0) < this.#parts.mostInFlight;
  }

  /**
   * Whether a unit's handled records are to be done before its next handler is called, as far as is known: whoever ends the
   * process is then the first of its unit that is not done, and is counted before any other is called.
   */
  holdsBack({ entries: [first] }: Unit): boolean {
    const known = first === undefined ? undefined : this.#partitions.get(topicPartition(first.received));
    return known?.item.left !== undefined;
  }

  mayStart({ unit }: Entry): boolean {
    return !unit.stopped && this.#parts.terms.budget.mayStart();
  }

  /** Has a suspect called while nothing else is: `note` says in the store that only its handler is running, or no longer. */
  async alone<T>(entry: Entry, call: (note: NoteAlone) => Promise<T>): Promise<T> {
    const { item } = this.#partitionOf(entry);
    return await this.turns.alone(() => call((isRunning) => item.note(formatCoordinates(entry.received), isRunning)));
  }

  /** A suspect whose handler has ended and not the process with it. */
  clear({ unit }: Entry): void {
    this.#cleared.set(unit, (this.#cleared.get(unit) ?? 0) + 1);
  }

  /** Ends the items, when nothing is running any more. `unsettled`: records whose handlers go on. */
  async close(unsettled: readonly Entry[]): Promise<void> {
    const { terms } = this.#parts;
    const settled = [...this.#partitions].filter(
      ([name]) => !unsettled.some((entry) => topicPartition(entry.received) === name),
    );
    const inDoubt = new Set(settled.flatMap(([name, { item }]) => (this.#isInDoubt(name, item.left) ? [item] : [])));
    await Promise.all([...inDoubt].map((item) => item.handOn()));
    const releases = settled.flatMap(([, { item }]) => item.release(!inDoubt.has(item)) ?? []);
    const call = { signal: terms.budget.answering };
    await callStore('release', releases.length, () => terms.store.release(releases, call), terms);
  }

  /** Some suspect of the topic-partition has still to be called. */
  #isInDoubt(name: string, left: InFlightNote | undefined): boolean {
    return this.#units.some((unit) => {
      const [first] = unit.entries;
      if (first === undefined || topicPartition(first.received) !== name) return false;
      const hasUndone = unit.entries.some(
        (entry) => isUnder(left, entry) && (entry.outcome === undefined || !isDone(entry.outcome)),
      );
      return hasUndone && (this.#cleared.get(unit) ?? 0) < this.#parts.mostInFlight;
    });
  }

  #partitionOf({ received }: Entry): Partition {
    const name = topicPartition(received);
    const known = this.#partitions.get(name);
    if (known !== undefined) return known;
    const { terms, keyOf } = this.#parts;
    const ofPartition = this.#units.flatMap(({ entries }) => entries).map((entry) => entry.received);
    const offsets = ofPartition.filter((one) => topicPartition(one) === name).map(({ offset }) => offset);
    const item = new InFlightItem({
      ...{ terms, key: keyOf(received), lastOffset: Math.max(...offsets) },
      insert: (write) => this.#insertions.add(write),
    });
    const opening = this.#open(item, name, formatCoordinates(received));
    const partition = { item, opening };
    this.#partitions.set(name, partition);
    return partition;
  }

  async #open(item: InFlightItem, name: string, first: string): Promise<StoreError | undefined> {
    const unnoted = await item.open(first);
    if (item.left === undefined) return unnoted;
    const message = `${name}: an earlier invocation ended without an answer: records that it may have ended at are handled alone`;
    this.#parts.terms.observer.observe({ type: 'warning', message });
    return unnoted;
  }
}

/** Whether a record may have been in flight when that was left. */
function isUnder(left: InFlightNote | undefined, { received }: Entry): boolean {
  return left !== undefined && received.offset <= left.upTo;
}
