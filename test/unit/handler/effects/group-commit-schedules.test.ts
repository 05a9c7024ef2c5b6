import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemIdentity } from '../../../../lib/core/effects/item-identity.ts';
import { Expectation } from '../../../../lib/handler/commit/expectation.ts';
import { GroupCommit } from '../../../../lib/handler/commit/group-commit.ts';
import type { CancellationReason, Commit, CommitResult } from '../../../../lib/ports/commit-store.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import type { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { commitTerms, membersOf, type PlainMember, PlannedStore, unitOf, update } from './commit-parts.ts';
import { PlainMode } from './plain-mode.ts';

interface PlannedRecord {
  readonly items: readonly number[];
  readonly offeredAfterMs: number;
  readonly settlesInMs: number;
  /** Its condition never holds. */
  readonly isRefused: boolean;
}

interface PlannedAnswer {
  readonly kind: 'carriedOut' | 'cut' | 'cutAfter' | 'passing' | 'untold' | 'refused';
  readonly afterMs: number;
  readonly chance: number;
}

const record: fc.Arbitrary<PlannedRecord> = fc.record({
  items: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 3 }),
  offeredAfterMs: fc.constantFrom(0, 0, 0, 1, 7, 60),
  settlesInMs: fc.constantFrom(0, 0, 3, 50),
  isRefused: fc.integer({ min: 0, max: 12 }).map((chance) => chance === 0),
});

const answer: fc.Arbitrary<PlannedAnswer> = fc.record({
  kind: fc.constantFrom<PlannedAnswer['kind'][]>(
    'carriedOut',
    'carriedOut',
    'carriedOut',
    'cut',
    'cutAfter',
    'passing',
    'untold',
    'refused',
  ),
  afterMs: fc.constantFrom(0, 1, 5, 40),
  chance: fc.nat(1_000),
});

const pause = (clock: FakeClock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(ms, () => resolve());
  });

const keyOf = ({ entry: { received } }: PlainMember): string => `${received.partition}@${received.offset}`;

/** A store that carries out what it is asked, or not, and watches how it is asked. */
class WatchfulStore extends PlannedStore {
  /** Records in the order in which they were written. */
  readonly written: string[] = [];
  readonly complaints: string[] = [];
  readonly #byToken = new Map<string, Commit>();
  readonly #done = new Set<string>();
  readonly #inFlight = new Set<Commit>();

  constructor(clock: FakeClock, answers: readonly PlannedAnswer[], refused: ReadonlySet<string>) {
    super(async (commit, place) => {
      this.#look(commit);
      const planned = answers[place];
      await pause(clock, planned?.afterMs ?? 0);
      this.#inFlight.delete(commit);
      return this.#answer(commit, planned, refused);
    });
  }

  #complainIf(isWrong: boolean, what: string): void {
    if (isWrong) this.complaints.push(what);
  }

  #look(commit: Commit): void {
    const { token, marks, effects } = commit;
    const before = this.#byToken.get(token);
    const isSame = before === undefined || JSON.stringify(before) === JSON.stringify(commit);
    this.#complainIf(!isSame, 'one token for other writes');
    this.#byToken.set(token, commit);
    this.#complainIf(marks.length + effects.length > 100, 'too many writes');
    const items = effects.map((effect) => itemIdentity(effect));
    this.#complainIf(new Set(items).size < items.length, 'an item twice');
    const units = new Set(marks.map(({ idempotencyKey }) => idempotencyKey.split('@')[0]));
    for (const other of this.#inFlight) {
      const isUnitTwice = other.marks.some(({ idempotencyKey }) => units.has(idempotencyKey.split('@')[0]));
      this.#complainIf(isUnitTwice, 'two commits of a unit at a time');
      const isItemTwice = other.effects.some((effect) => items.includes(itemIdentity(effect)));
      this.#complainIf(isItemTwice, 'an item in two commits at a time');
    }
    this.#inFlight.add(commit);
  }

  #answer(commit: Commit, planned: PlannedAnswer | undefined, refused: ReadonlySet<string>): CommitResult {
    const { marks, effects } = commit;
    const keys = marks.map(({ idempotencyKey }) => idempotencyKey);
    const quiet = effects.map(() => 'none' as const);
    const kind = planned?.kind ?? 'carriedOut';
    if (kind === 'cut') return { kind: 'failed', error: new StoreError('unavailable', 'cut') };
    // What was written is answered as it was, whatever stands against it now.
    if (this.#done.has(commit.token)) return { kind: 'committed' };
    if (kind === 'untold') return { kind: 'cancelled', reasons: undefined };
    if (kind === 'refused' && keys.length > 1) {
      return { kind: 'refused', error: new StoreError('configuration', 'as a whole') };
    }
    if (kind === 'passing') {
      const reasons: CancellationReason[] = [...keys.map(() => 'none' as const), ...quiet];
      const chance = planned?.chance ?? 0;
      reasons[chance % reasons.length] = chance % 2 === 0 ? 'conflict' : 'throttled';
      return { kind: 'cancelled', reasons };
    }
    if (keys.some((key) => refused.has(key))) {
      const first = keys.findIndex((key) => refused.has(key));
      return { kind: 'cancelled', reasons: [...keys.map((_, at) => (at === first ? 'invalid' : 'none')), ...quiet] };
    }
    this.written.push(...keys);
    this.#done.add(commit.token);
    return kind === 'cutAfter'
      ? { kind: 'failed', error: new StoreError('unavailable', 'cut') }
      : { kind: 'committed' };
  }
}

/** Runs the engine over units whose records are offered one after the other. */
async function run(
  units: readonly (readonly PlannedRecord[])[],
  answers: readonly PlannedAnswer[],
): Promise<{
  readonly lanes: readonly (readonly PlainMember[])[];
  readonly store: WatchfulStore;
  readonly timers: number;
}> {
  const { terms, clock } = commitTerms();
  const lanes = units.map((of, partition) =>
    membersOf(unitOf(of.length, partition), ({ index }) => (of[index]?.items ?? []).map((item) => update(`${item}`))),
  );
  const refused = lanes.flatMap((lane, at) => lane.filter((_, index) => units[at]?.[index]?.isRefused).map(keyOf));
  const store = new WatchfulStore(clock, answers, new Set(refused));
  const expectation = new Expectation();
  const engine = new GroupCommit<string, PlainMember>({ terms, store, mode: new PlainMode(), expectation });
  const timers = clock.pending;
  const offerAll = async (lane: readonly PlainMember[], planned: readonly PlannedRecord[]): Promise<void> => {
    expectation.enter();
    const offered: Promise<void>[] = [];
    for (const [index, member] of lane.entries()) {
      const { offeredAfterMs = 0, settlesInMs = 0 } = planned[index] ?? {};
      if (settlesInMs > 0) member.onSettle = () => pause(clock, settlesInMs);
      if (offeredAfterMs > 0) await pause(clock, offeredAfterMs);
      offered.push(engine.offer(member));
    }
    await expectation.outside(Promise.all(offered));
    expectation.leave();
  };
  await clock.runUntilSettled(Promise.all(lanes.map((lane, at) => offerAll(lane, units[at] ?? []))));
  return { lanes, store, timers: clock.pending - timers };
}

describe('groups of any records over a store that does anything', () => {
  it('are written in the order of each unit, never past one that is not done, and each is told what came of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(record, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        fc.array(answer, { maxLength: 20 }),
        async (units, answers) => {
          const { lanes, store, timers } = await run(units, answers);
          expect(store.complaints).toEqual([]);
          expect(timers).toBe(0);
          for (const [at, lane] of lanes.entries()) {
            const ends = lane.map(({ ended }) => ended.map(({ kind }) => kind));
            const refusedAt = (units[at] ?? []).findIndex(({ isRefused }) => isRefused);
            const done = refusedAt < 0 ? lane.length : refusedAt;
            expect(ends).toEqual(
              lane.map((_, index) => [index < done ? 'committed' : index === done ? 'invalid' : 'dropped']),
            );
            const own = new Set(lane.map(keyOf));
            expect(store.written.filter((key) => own.has(key))).toEqual(lane.slice(0, done).map(keyOf));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
