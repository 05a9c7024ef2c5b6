import { topicPartition } from '../../core/coordinates.ts';
import { isSamePosition } from '../../core/position/judge-position.ts';
import type { Position } from '../../core/position/position.ts';
import { backoffMs } from '../../core/time/backoff.ts';
import type { CommitStore, ReadPositionResult } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { ClaimTerms } from '../claims/claim-terms.ts';
import { callStore } from '../claims/store-failure.ts';
import { type Deferred, deferred } from '../run/deferred.ts';
import type { Unit } from '../run/entry.ts';
import { wait } from '../run/wait.ts';

/** The position of one topic-partition as this invocation knows it. */
export interface KnownPosition {
  readonly positionKey: string;
  /** `<topic>-<partition>`. */
  readonly source: string;
  /** As it was read or committed last. */
  position: Position | undefined;
  /** Resolves when it is read for the first time. */
  readonly read: Deferred<undefined>;
}

export interface PositionsParts {
  readonly terms: ClaimTerms;
  readonly store: CommitStore;
  readonly keyOf: (coordinates: { readonly topic: string; readonly partition: number }) => string;
}

/** The positions of an invocation's topic-partitions, read together at its start. */
export class Positions {
  readonly #parts: PositionsParts;
  readonly #known: ReadonlyMap<Unit, KnownPosition>;
  readonly #reading: Promise<ReadonlyMap<string, StoreError>>;

  constructor(units: readonly Unit[], parts: PositionsParts) {
    this.#parts = parts;
    this.#known = new Map(
      units.flatMap((unit) => {
        const first = unit.entries[0]?.received;
        if (first === undefined) return [];
        const positionKey = parts.keyOf(first);
        return [[unit, { positionKey, source: topicPartition(first), position: undefined, read: deferred() }]];
      }),
    );
    this.#reading = this.#read([...this.#known.values()]);
  }

  /** The position of a unit, which is a topic-partition. */
  of(unit: Unit): KnownPosition {
    const known = this.#known.get(unit);
    if (known === undefined) throw new Error('a unit without records has no position');
    return known;
  }

  /** Waits until the unit's position is known; answers why it cannot be. */
  async known(unit: Unit): Promise<StoreError | undefined> {
    const { positionKey, read } = this.of(unit);
    // One that cannot be read keeps no other waiting.
    return (await Promise.race([read.promise, this.#reading]))?.get(positionKey);
  }

  /** Reads a unit's position once more. `moved`: it is another one now, by whoever's commit. */
  async fresh(unit: Unit): Promise<'same' | 'moved' | StoreError> {
    const known = this.of(unit);
    const before = known.position;
    const failure = (await this.#read([known])).get(known.positionKey);
    if (failure !== undefined) return failure;
    return isSamePosition(before, known.position) ? 'same' : 'moved';
  }

  /** Resolves when nothing is read any more. */
  async drain(): Promise<void> {
    await this.#reading;
  }

  /** Waits out an outage within the time budget; answers what could not be read, and why. */
  async #read(wanted: readonly KnownPosition[]): Promise<ReadonlyMap<string, StoreError>> {
    const { terms, store } = this.#parts;
    const { clock, randomness, budget } = terms;
    const failures = new Map<string, StoreError>();
    let open = wanted;
    for (let tries = 1; ; tries += 1) {
      const asked = open;
      const keys = asked.map((known) => known.positionKey);
      const call = { signal: budget.answering };
      const results = await callStore('readPositions', keys.length, () => store.readPositions(keys, call), terms);
      open = asked.filter((known, index) => this.#take(known, results[index], failures));
      if (open.length === 0) return failures;
      if (!(await wait(clock, backoffMs(tries, randomness.fraction()), budget.starting))) return failures;
    }
  }

  /** Whether it is to be read again. */
  #take(known: KnownPosition, result: ReadPositionResult | undefined, failures: Map<string, StoreError>): boolean {
    if (result?.kind === 'read') {
      known.position = result.position;
      known.read.resolve(undefined);
      failures.delete(known.positionKey);
      return false;
    }
    const error = result?.error ?? new StoreError('unavailable', 'readPositions: no result for a key');
    failures.set(known.positionKey, error);
    return error.kind === 'unavailable';
  }
}
