import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { PositionCommits } from '../../../../lib/handler/commit/position-commits.ts';
import { PositionMember } from '../../../../lib/handler/commit/position-member.ts';
import { Positions } from '../../../../lib/handler/commit/positions.ts';
import type { Unit } from '../../../../lib/handler/run/entry.ts';
import { commitTerms, unitOf, update } from './commit-parts.ts';

/** Positions over a store, which has one of the first unit already. */
async function bench(units: readonly Unit[], generation = 0) {
  const { terms, clock } = commitTerms();
  let isDown = false;
  const store = new MemoryStore({ faults: () => (isDown ? 'cutBefore' : undefined) });
  store.pokePosition('0', { nextOffset: 1, generation: 0, highestTimestampMs: undefined });
  const keyOf = ({ partition }: { readonly partition: number }): string => `${partition}`;
  const positions = new Positions(units, { terms, store, keyOf });
  await positions.drain();
  const cut = (): void => {
    isDown = true;
  };
  return { commits: new PositionCommits(positions, generation), positions, store, clock, cut };
}

const membersOf = (unit: Unit): readonly PositionMember[] =>
  unit.entries.map((entry) => {
    const { partition, offset } = entry.received;
    return new PositionMember(entry, [update(`${partition}@${offset}`)], () => Promise.resolve(true));
  });

describe('a group of position mode', () => {
  it('moves the position of each unit once, behind the last of its members, from where it was seen', async () => {
    const [first, second] = [unitOf(3, 0), unitOf(2, 1)];
    const { commits } = await bench([first, second]);
    const writes = commits.writesOf([...membersOf(first), ...membersOf(second)]);
    expect(writes.positions).toMatchObject([
      { positionKey: '0', expected: { nextOffset: 1, generation: 0 }, next: { nextOffset: 3, generation: 0 } },
      { positionKey: '1', expected: undefined, next: { nextOffset: 2, generation: 0 } },
    ]);
    expect(writes.marks).toEqual([]);
    const ids = writes.effects.map((effect) => (effect.kind === 'put' ? undefined : effect.key));
    expect(ids).toEqual(['0@0', '0@1', '0@2', '1@0', '1@1'].map((id) => ({ id: { S: id } })));
  });

  it('that was written is where the next one goes on', async () => {
    const unit = unitOf(4, 0);
    const { commits } = await bench([unit]);
    const members = membersOf(unit);
    commits.committed(members.slice(0, 2));
    expect(commits.writesOf(members.slice(2)).positions).toMatchObject([
      { expected: { nextOffset: 2 }, next: { nextOffset: 4 } },
    ]);
  });
});

describe('a refusal in position mode', () => {
  it('is to be believed only while the position is as it was seen', async () => {
    const unit = unitOf(2, 0);
    const { commits, store } = await bench([unit]);
    const [member] = membersOf(unit);
    if (member === undefined) throw new Error('two were made');
    expect(await commits.review(member)).toEqual({ kind: 'same' });
    store.pokePosition('0', { nextOffset: 2, generation: 0, highestTimestampMs: undefined });
    expect(await commits.review(member)).toEqual({ kind: 'final', reviewed: 'moved' });
  });

  it('is a failure where the position cannot be read', async () => {
    const unit = unitOf(2, 0);
    const { commits, clock, cut } = await bench([unit]);
    const [member] = membersOf(unit);
    if (member === undefined) throw new Error('two were made');
    cut();
    const review = await clock.runUntilSettled(commits.review(member));
    expect(review).toMatchObject({ kind: 'failed', error: { kind: 'unavailable' } });
  });

  it('leaves nothing out: a position has no result', async () => {
    const { commits } = await bench([unitOf(1, 0)]);
    expect(commits.lighten()).toBe(false);
  });
});
