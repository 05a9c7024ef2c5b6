import { describe, expect, it } from 'vitest';
import { EffectRecorder } from '../../../../lib/core/effects/effect-recorder.ts';
import { callsWithEffects } from '../../../../lib/handler/commit/calls/calls-of.ts';
import { Expectation } from '../../../../lib/handler/commit/expectation.ts';
import { GroupCommit } from '../../../../lib/handler/commit/group-commit.ts';
import { PositionCommits } from '../../../../lib/handler/commit/position-commits.ts';
import type { Moved, PositionMember } from '../../../../lib/handler/commit/position-member.ts';
import { PositionUnitRun } from '../../../../lib/handler/commit/position-unit-run.ts';
import { Positions } from '../../../../lib/handler/commit/positions.ts';
import type { StartMode } from '../../../../lib/handler/run/shared-parts.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { ledger, ledgerStore } from '../../../support/effect-bench.ts';
import { at } from '../../../support/handler-bench.ts';
import { invokeOwnMode, type OwnMode } from './own-mode.ts';

/** Drops the first record that it is offered, as if the one before it had come to nothing. */
class DroppingCommits extends GroupCommit<Moved, PositionMember> {
  #hasDropped = false;

  override async offer(member: PositionMember): Promise<void> {
    if (this.#hasDropped) return await super.offer(member);
    this.#hasDropped = true;
    await member.settle({ kind: 'dropped' });
  }
}

const store = ledgerStore();

/** Position mode, but for its commits. */
const startMode: StartMode = (units, shared) => {
  const { terms } = shared;
  const positions = new Positions(units, { terms, store, keyOf: ({ topic, partition }) => `${topic}-${partition}` });
  const expectation = new Expectation();
  const mode = new PositionCommits(positions, 0);
  const commits = new DroppingCommits({ terms, store, mode, expectation });
  const newRecorder = (entry: { readonly received: ConstructorParameters<typeof EffectRecorder>[0] }) =>
    new EffectRecorder(entry.received, undefined);
  const calls = callsWithEffects(shared, newRecorder, { handleMany: undefined, maxRecords: undefined });
  const parts = {
    shared,
    positions,
    commits,
    expectation,
    earlier: undefined,
    starts: undefined,
    generation: 0,
    mostAhead: 200,
    calls,
  };
  return { run: (unit) => new PositionUnitRun(unit, parts).run(), end: () => positions.drain() };
};

describe('a record of position mode whose commit is dropped', () => {
  it('is passed by nothing behind it, whatever became of the one before it', async () => {
    const handle: OwnMode['handle'] = (record, { effects }) =>
      effects.update({ table: ledger, key: { id: at(record) }, update: { add: { count: 1 } } });
    const records = [0, 1, 2, 3].map((offset) => ({ offset }));
    const answer = await invokeOwnMode({ startMode, store, clock: new FakeClock(), handle }, records);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(store.items(ledger).map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  });
});
