import { describe, expect, it } from 'vitest';
import type { OnConditionFailed } from '../../../../lib/core/effects/effect.ts';
import type { Review } from '../../../../lib/handler/commit/commit-mode.ts';
import { Expectation } from '../../../../lib/handler/commit/expectation.ts';
import type { Ended } from '../../../../lib/handler/commit/member.ts';
import { SingleCommit } from '../../../../lib/handler/commit/single-commit.ts';
import type { CancellationReason, CommitResult } from '../../../../lib/ports/commit-store.ts';
import { StoreError } from '../../../../lib/ports/store-error.ts';
import { commitTerms, PlainMember, PlannedStore, unitOf, update } from './commit-parts.ts';
import { PlainMode } from './plain-mode.ts';

const committed: CommitResult = { kind: 'committed' };
const tooLarge: CommitResult = { kind: 'refused', error: new StoreError('unstorable', 'too large') };
const noTable: CommitResult = { kind: 'refused', error: new StoreError('configuration', 'no such table') };
const cut: CommitResult = { kind: 'failed', error: new StoreError('unavailable', 'the answer was lost') };

/** Reasons against the mark, then against each of the effects. */
function cancelled(...reasons: readonly CancellationReason[]): CommitResult {
  return { kind: 'cancelled', reasons };
}

/** A record of which each effect does this if its condition does not hold. */
function memberWith(...terms: readonly OnConditionFailed[]): PlainMember {
  const [entry] = unitOf(1).entries;
  if (entry === undefined) throw new Error('one was made');
  const effects = terms.map((onConditionFailed, index) => update(`item-${index}`, 0, onConditionFailed));
  return new PlainMember(entry, effects);
}

interface Planned {
  /** The last one is the answer to whatever comes after it. */
  readonly answers: readonly CommitResult[];
  readonly member?: PlainMember;
  readonly reviews?: readonly Review<string>[];
  readonly lightenings?: number;
}

/** Commits one member, and lets the clock run. */
async function commit({
  answers,
  member = memberWith('fail', 'fail'),
  reviews = [],
  lightenings = 0,
}: Planned): Promise<{
  readonly ended: Ended<string>;
  readonly store: PlannedStore;
  readonly mode: PlainMode;
  readonly member: PlainMember;
  readonly isAtHardStop: boolean;
}> {
  const { terms, clock } = commitTerms();
  const store = new PlannedStore((_commit, place) => answers[Math.min(place, answers.length - 1)] ?? cut);
  const mode = new PlainMode();
  mode.reviews.push(...reviews);
  mode.lightenings = lightenings;
  const single = new SingleCommit({ terms, store, mode, expectation: new Expectation() });
  const ended = await clock.runUntilSettled(single.commit(member));
  return { ended, store, mode, member, isAtHardStop: clock.nowMs() >= terms.budget.plan.hardStopAtMs };
}

const tokens = (store: PlannedStore): number => new Set(store.commits.map(({ token }) => token)).size;

describe('a record that commits alone', () => {
  it('is committed when the store says so, and the mode is told', async () => {
    const { ended, mode, member, store } = await commit({ answers: [committed] });
    expect(ended).toEqual({ kind: 'committed' });
    expect(mode.told).toEqual([member]);
    expect(mode.reviewed).toEqual([]);
    expect(store.commits).toHaveLength(1);
  });

  it.each([
    ['a lost answer', cut],
    ['a conflict', cancelled('none', 'conflict', 'none')],
    ['a conflict at its mark', cancelled('conflict', 'none', 'none')],
    ['a throttled item', cancelled('none', 'none', 'throttled')],
  ])('is sent again under its token after %s, and nothing is looked up', async (_what, answer) => {
    const { ended, mode, store } = await commit({ answers: [answer, answer, committed] });
    expect(ended).toEqual({ kind: 'committed' });
    expect(store.commits).toHaveLength(3);
    expect(tokens(store)).toBe(1);
    expect(mode.reviewed).toEqual([]);
  });

  it('has failed when nobody knows what came of it at the end of the time', async () => {
    const { ended, mode, isAtHardStop } = await commit({ answers: [cut] });
    expect(ended).toEqual(cut);
    expect(isAtHardStop).toBe(true);
    expect(mode.told).toEqual([]);
  });
});

describe('a refusal', () => {
  const refusals = [
    ['of a condition', cancelled('none', 'conditionFailed', 'none')],
    ['of what does not fit', cancelled('none', 'none', 'invalid')],
    ['of the mark', cancelled('conditionFailed', 'none', 'none')],
    ['of the result', cancelled('invalid', 'none', 'none')],
    ['without reasons', { kind: 'cancelled', reasons: undefined } as const],
    ['as a whole', tooLarge],
    ['by the configuration', noTable],
  ] as const;

  it.each(refusals)('%s is not believed of a record that took effect before', async (_what, answer) => {
    const reviews = [{ kind: 'final', reviewed: 'done before' } as const];
    const { ended, mode, member, store } = await commit({ answers: [answer, committed], reviews });
    expect(ended).toEqual({ kind: 'reviewed', reviewed: 'done before' });
    expect(mode.reviewed).toEqual([member]);
    expect(mode.told).toEqual([]);
    expect(store.commits).toHaveLength(1);
  });

  it.each(refusals)('%s is not believed where that cannot be looked up', async (_what, answer) => {
    const error = new StoreError('unavailable', 'the read was lost');
    const { ended, store } = await commit({ answers: [answer, committed], reviews: [{ kind: 'failed', error }] });
    expect(ended).toEqual({ kind: 'failed', error });
    expect(store.commits).toHaveLength(1);
  });

  it.each(refusals)('%s is not believed when the marker was another one: it is sent anew', async (_what, answer) => {
    const { ended, mode, store } = await commit({ answers: [answer, committed], reviews: [{ kind: 'changed' }] });
    expect(ended).toEqual({ kind: 'committed' });
    expect(mode.lightened).toEqual([]);
    // Other writes, so another token: with the old one the store would answer for the old ones.
    expect(tokens(store)).toBe(2);
  });
});

describe('a refusal of a record that did not take effect before', () => {
  it.each([
    [['fail', 'fail', 'fail', 'fail'], 1],
    [['fail', 'reject', 'fail', 'fail'], 3],
    [['fail', 'reject', 'skip', 'reject'], 1],
    [['fail', 'skip', 'skip', 'reject'], 3],
    [['fail', 'skip', 'reject', 'fail'], 3],
  ] as const)(
    'is one of the effect that gives up least, of those whose conditions did not hold: %j',
    async (asked, at) => {
      const answers = [cancelled('none', 'none', 'conditionFailed', 'conflict', 'conditionFailed')];
      const { ended, store } = await commit({ answers, member: memberWith(...asked) });
      expect(ended).toEqual({ kind: 'conditionFailed', effectIndex: at });
      expect(store.commits).toHaveLength(1);
    },
  );

  it.each([
    ['skip', 'fail', 'conflict'],
    ['reject', 'fail', 'throttled'],
    ['skip', 'reject', 'conflict'],
  ] as const)("is not one of '%s' while '%s' has not been looked at (%s)", async (asked, other, passing) => {
    const answers = [
      cancelled('none', 'conditionFailed', passing),
      cancelled('none', 'conditionFailed', 'conditionFailed'),
    ];
    const { ended, store } = await commit({ answers, member: memberWith(asked, other) });
    expect(ended).toEqual({ kind: 'conditionFailed', effectIndex: 1 });
    expect(store.commits).toHaveLength(2);
  });

  it("is no failure where the effect says 'skip': nothing but the mark is written", async () => {
    const answers = [cancelled('none', 'none', 'conditionFailed'), committed];
    const { ended, store, member } = await commit({ answers, member: memberWith('fail', 'skip') });
    expect(ended).toEqual({ kind: 'committed' });
    expect(store.commits.map(({ marks, effects }) => [marks.length, effects.length])).toEqual([
      [1, 2],
      [1, 0],
    ]);
    expect(tokens(store)).toBe(2);
    expect(member.effects).toEqual([]);
  });

  it("is a failure where only another effect says 'skip'", async () => {
    const answers = [cancelled('none', 'conditionFailed', 'none'), committed];
    const { ended } = await commit({ answers, member: memberWith('fail', 'skip') });
    expect(ended).toEqual({ kind: 'conditionFailed', effectIndex: 0 });
  });

  it('names the effect that does not fit its item', async () => {
    const { ended } = await commit({ answers: [cancelled('none', 'conflict', 'invalid'), committed] });
    expect(ended).toMatchObject({ kind: 'invalid', error: { kind: 'unstorable' } });
    expect(ended).toHaveProperty('error.message', expect.stringContaining('effects[1]'));
  });

  it.each([
    ['the mark', cancelled('conditionFailed', 'none', 'none')],
    ['the mark and a condition', cancelled('conditionFailed', 'conditionFailed', 'none')],
    ['the mark and what does not fit', cancelled('conditionFailed', 'none', 'invalid')],
    ['a conflict at the mark and a condition', cancelled('conflict', 'conditionFailed', 'none')],
    ['nothing that is told', { kind: 'cancelled', reasons: undefined } as const],
    ['nothing', cancelled('none', 'none', 'none')],
    ['too few reasons', cancelled('none', 'conditionFailed')],
    ['too many reasons', cancelled('none', 'conditionFailed', 'none', 'none')],
  ])('says nothing of its effects where it is for %s: it is looked at and sent once more', async (_what, answer) => {
    const { ended, mode, store } = await commit({ answers: [answer, answer, committed] });
    expect(ended).toEqual({ kind: 'committed' });
    expect(mode.reviewed).toHaveLength(2);
    expect(store.commits).toHaveLength(3);
  });

  it('that nobody understands to the end of the time is a failure, and no dead letter', async () => {
    const { ended, mode, isAtHardStop } = await commit({ answers: [{ kind: 'cancelled', reasons: undefined }] });
    expect(ended).toMatchObject({ kind: 'failed', error: { kind: 'unavailable' } });
    expect(isAtHardStop).toBe(true);
    expect(mode.told).toEqual([]);
  });

  it('by the configuration is a failure, and nothing is left out', async () => {
    const { ended, mode } = await commit({ answers: [noTable, committed], lightenings: 1 });
    expect(ended).toMatchObject({ kind: 'failed', error: { kind: 'configuration' } });
    expect(mode.lightened).toEqual([]);
  });

  it.each([
    ['as a whole', tooLarge],
    ['for its result', cancelled('invalid', 'none', 'none')],
  ])('%s is tried without what can be left out', async (_what, answer) => {
    const { ended, mode, member, store } = await commit({ answers: [answer, committed], lightenings: 1 });
    expect(ended).toEqual({ kind: 'committed' });
    expect(mode.lightened).toEqual([member]);
    expect(store.commits).toHaveLength(2);
    expect(tokens(store)).toBe(2);
  });

  it.each([
    ['as a whole', tooLarge],
    ['for its result', cancelled('invalid', 'none', 'none')],
  ])('%s is final when nothing more can be left out', async (_what, answer) => {
    for (const lightenings of [0, 1]) {
      const { ended, mode, store } = await commit({ answers: [answer, answer, committed], lightenings });
      expect(ended).toMatchObject({ kind: 'invalid', error: { kind: 'unstorable' } });
      expect(mode.lightened).toHaveLength(lightenings + 1);
      expect(store.commits).toHaveLength(lightenings + 1);
    }
  });

  it('of an effect leaves nothing out', async () => {
    for (const reason of ['conditionFailed', 'invalid'] as const) {
      const { mode } = await commit({ answers: [cancelled('none', reason, 'none'), committed], lightenings: 1 });
      expect(mode.lightened).toEqual([]);
    }
  });
});
