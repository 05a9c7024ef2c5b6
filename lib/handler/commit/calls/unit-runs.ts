import type { Entry, Unit } from '../../run/entry.ts';
import type { Calls, Ready } from './calls.ts';
import { mostTogether } from './most-together.ts';
import type { Started } from './started.ts';

/** What a mode does with a record of a unit before and after its handler. */
export interface UnitSteps<R extends Ready> {
  /**
   * Deals with a record up to its handler. `ended`: there is nothing to be handled. `later`: it has to wait, or to be dealt
   * with alone, which may only be done when it is the first of a run.
   */
  ready(entry: Entry, isFirst: boolean): Promise<R | 'ended' | 'later'>;
  conclude(ready: R, started: Started): Promise<void>;
}

/**
 * Has the records of a unit handled, run by run: as many consecutive ones together as may be, concluded in their order.
 *
 * After a call that failed as a whole it goes back to the first record of it, for half as many; it begins with fewer where its
 * first record has failed before. Each call that does not fail doubles that again.
 */
export class UnitRuns<R extends Ready> {
  readonly #unit: Unit;
  readonly #calls: Calls;
  readonly #steps: UnitSteps<R>;
  readonly #maxAttempts: number;
  /** Records that were ready and are still to be handled. */
  readonly #waiting = new Map<Entry, R>();
  #most: number;

  constructor(unit: Unit, calls: Calls, maxAttempts: number, steps: UnitSteps<R>) {
    this.#unit = unit;
    this.#calls = calls;
    this.#maxAttempts = maxAttempts;
    this.#steps = steps;
    this.#most = calls.most;
  }

  /** Nothing is ready any more. */
  forget(): void {
    this.#waiting.clear();
  }

  /** Handles the run that begins at this place; answers where the next one does. */
  async run(from: number): Promise<number> {
    const { entries } = this.#unit;
    const run = this.#calls.begin();
    const taken: R[] = [];
    let at = from;
    for (; run.isOpen && !this.#unit.stopped; at += 1) {
      const entry = entries[at];
      if (entry === undefined) break;
      const ready = this.#waiting.get(entry) ?? (await this.#steps.ready(entry, taken.length === 0));
      if (ready === 'ended') continue;
      if (ready === 'later') break;
      this.#waiting.set(entry, ready);
      const most = Math.min(this.#most, mostTogether(this.#calls.most, ready.attempts, this.#maxAttempts));
      if (repeatsKafkaKey(ready, taken) || !(await run.add(ready, most))) break;
      if (taken.length === 0) this.#most = most;
      taken.push(ready);
    }
    if (taken.length === 0) return at;
    const ended = await this.#calls.expectation.outside(run.ended());
    for (const [index, ready] of taken.entries()) {
      const one = ended[index];
      if (one === undefined) throw new Error('a run ended without one of its records');
      if (one.kind === 'again') {
        this.#most = one.most;
        return ready.entry.index;
      }
      this.#waiting.delete(ready.entry);
      // What comes behind an undone record has written nothing, and is not to.
      if (this.#unit.stopped && one.kind !== 'unsettled') continue;
      await this.#steps.conclude(ready, one);
    }
    this.#most = Math.min(this.#calls.most, this.#most * 2);
    return at;
  }
}

/** Where a dead letter holds its Kafka key, the next record of the key has to wait for what becomes of the one before. */
function repeatsKafkaKey({ prepared: { holdKey } }: Ready, taken: readonly Ready[]): boolean {
  return holdKey !== undefined && taken.some((one) => one.prepared.holdKey === holdKey);
}
