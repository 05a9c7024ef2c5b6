import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { leaseTerms } from '../../../../lib/core/claim/lease.ts';
import type { Effect, OnConditionFailed } from '../../../../lib/core/effects/effect.ts';
import type { ClaimTerms } from '../../../../lib/handler/claims/claim-terms.ts';
import type { Ended, Member } from '../../../../lib/handler/commit/member.ts';
import { type Entry, Unit } from '../../../../lib/handler/run/entry.ts';
import { TimeBudget } from '../../../../lib/handler/run/time-budget.ts';
import type { Commit, CommitResult } from '../../../../lib/ports/commit-store.ts';
import type { StoreCall } from '../../../../lib/ports/idempotency-store.ts';
import type { Observation } from '../../../../lib/ports/observer.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../../lib/testing/seeded-randomness.ts';

/*
 * What the parts of the commit engine stand on when they are tested without a handler: a store that answers as planned,
 * and members that write down how they ended.
 */

/** Runs the clock along with the engine; `remainingMs` of the invocation. */
export function commitTerms(remainingMs = 60_000): {
  readonly clock: FakeClock;
  readonly terms: ClaimTerms;
  readonly observations: readonly Observation[];
} {
  const clock = new FakeClock();
  const observations: Observation[] = [];
  const terms: ClaimTerms = {
    settings: {
      leaseMs: 30_000,
      clockSkewMs: 0,
      expiresAfterSeconds: 86_400,
      completionLag: 25,
      maxConcurrency: 100,
      maxAttempts: 10,
      onUnknownOutcome: 'handleAgain',
      onStoreFailure: 'fail',
      storeResult: false,
    },
    store: new MemoryStore(),
    clock,
    randomness: new SeededRandomness(1),
    observer: { observe: (observation) => observations.push(observation), log: () => undefined },
    lease: leaseTerms(30_000, clock.nowMs(), remainingMs),
    budget: new TimeBudget(clock, remainingMs),
  };
  return { clock, terms, observations };
}

/** Answers commits as planned, and writes them down. */
export class PlannedStore extends MemoryStore {
  readonly commits: Commit[] = [];
  readonly #answer: (commit: Commit, place: number, call: StoreCall) => CommitResult | Promise<CommitResult>;

  /** @param answer what is answered to a commit; `place` counts from 0. */
  constructor(answer: (commit: Commit, place: number, call: StoreCall) => CommitResult | Promise<CommitResult>) {
    super();
    this.#answer = answer;
  }

  override async commit(commit: Commit, call: StoreCall): Promise<CommitResult> {
    this.commits.push(commit);
    return await this.#answer(commit, this.commits.length - 1, call);
  }

  /** The IDs of the items that each commit updates. */
  get ids(): readonly (readonly string[])[] {
    return this.commits.map(({ effects }) => effects.map(idOf));
  }
}

/** An answer that is none, as a store of the user's own may give it. */
export function storeThatAnswers(answer: unknown): PlannedStore {
  const store = new PlannedStore(() => ({ kind: 'committed' }));
  return Object.assign(store, { commit: () => Promise.resolve(answer) });
}

/** An ordering unit of `count` records. */
export function unitOf(count: number, partition = 0): Unit {
  return new Unit(
    Array.from({ length: count }, (_, offset) => ({
      topic: 'orders',
      partition,
      offset,
      timestampMs: undefined,
      timestampType: undefined,
      key: null,
      value: null,
      headers: undefined,
      keySchemaMetadata: undefined,
      valueSchemaMetadata: undefined,
    })),
  );
}

/** An update of an item. `bytes`: about how much it adds to the transaction. */
export function update(id: string, bytes = 0, onConditionFailed: OnConditionFailed = 'fail'): Effect {
  return {
    kind: 'update',
    table: 'Ledger',
    key: { id: { S: id } },
    update: 'SET #a = :a',
    names: { '#a': 'a' },
    values: { ':a': { S: 'x'.repeat(bytes) } },
    condition: undefined,
    onConditionFailed,
  };
}

export function put(id: string, table = 'Ledger'): Effect {
  const item = { id: { S: id }, count: { N: '1' } };
  return {
    kind: 'put',
    table,
    item,
    names: undefined,
    values: undefined,
    condition: undefined,
    onConditionFailed: 'fail',
  };
}

function idOf(effect: Effect): string {
  const { id } = effect.kind === 'put' ? effect.item : effect.key;
  return id !== undefined && 'S' in id ? id.S : '';
}

/** A record on its way that is done when it was committed, and writes down how it ended. */
export class PlainMember implements Member<string> {
  readonly entry: Entry;
  effects: readonly Effect[];
  alone = false;
  mostTogether: number = Number.POSITIVE_INFINITY;
  readonly ended: Ended<string>[] = [];
  /** Told when it is settled; what it answers is waited for. */
  onSettle: (ended: Ended<string>) => Promise<unknown> = () => Promise.resolve();

  constructor(entry: Entry, effects: readonly Effect[]) {
    this.entry = entry;
    this.effects = effects;
  }

  async settle(ended: Ended<string>): Promise<boolean> {
    this.ended.push(ended);
    await this.onSettle(ended);
    return ended.kind === 'committed';
  }
}

/** A member for each record of the unit, each with an update of an item of its own: `0@3` is that of partition 0, offset 3. */
export function membersOf(unit: Unit, effectsOf?: (entry: Entry) => readonly Effect[]): readonly PlainMember[] {
  return unit.entries.map((entry) => {
    const own = [update(`${entry.received.partition}@${entry.received.offset}`)];
    return new PlainMember(entry, effectsOf?.(entry) ?? own);
  });
}
