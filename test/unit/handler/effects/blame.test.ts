import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Blame, blameOf, isBlamed, isPassing } from '../../../../lib/handler/commit/blame.ts';
import type { CancellationReason } from '../../../../lib/ports/commit-store.ts';
import { membersOf, type PlainMember, unitOf, update } from './commit-parts.ts';

/** Members of the units 0, 1, …, each with so many effects. */
function members(...counts: readonly (readonly number[])[]): readonly PlainMember[] {
  return counts.flatMap((ofUnit, partition) =>
    membersOf(unitOf(ofUnit.length, partition), ({ index }) =>
      Array.from({ length: ofUnit[index] ?? 0 }, (_, n) => update(`${partition}-${index}-${n}`)),
    ),
  );
}

const reason = fc.constantFrom<CancellationReason>(
  'none',
  'none',
  'conditionFailed',
  'conflict',
  'throttled',
  'invalid',
);

describe('the reasons of a cancelled commit', () => {
  it('are those of the marks first, then those of the effects, each in the order of the members', () => {
    const reasons = ['none', 'conflict', 'none', 'throttled', 'conditionFailed', 'invalid'] as const;
    expect(blameOf(members([2], [0], [1]), 'perRecord', reasons)).toEqual([
      { own: 'none', effects: ['throttled', 'conditionFailed'] },
      { own: 'conflict', effects: [] },
      { own: 'none', effects: ['invalid'] },
    ]);
  });

  it('of a position are those of the first member of its unit', () => {
    const reasons = ['conditionFailed', 'conflict', 'none', 'throttled', 'invalid', 'none'] as const;
    expect(blameOf(members([1, 1], [1, 1]), 'perUnit', reasons)).toEqual([
      { own: 'conditionFailed', effects: ['none'] },
      { own: 'none', effects: ['throttled'] },
      { own: 'conflict', effects: ['invalid'] },
      { own: 'none', effects: ['none'] },
    ]);
  });

  it.each([
    ['perRecord', 3],
    ['perRecord', 5],
    ['perUnit', 2],
    ['perUnit', 4],
    ['perUnit', 0],
  ] as const)('%s blame nobody when there are %s of them, too many or too few', (extraWrite, count) => {
    const reasons = Array.from({ length: count }, () => 'conditionFailed' as const);
    expect(blameOf(members([1, 1]), extraWrite, reasons)).toBeUndefined();
  });

  it('are divided so that each is where its write was', () => {
    const planned = fc.array(fc.array(fc.record({ own: reason, effects: fc.array(reason, { maxLength: 4 }) })));
    fc.assert(
      fc.property(planned, fc.constantFrom('perRecord' as const, 'perUnit' as const), (units, extraWrite) => {
        const blames: readonly Blame[] = units.flatMap((ofUnit) =>
          ofUnit.map(({ own, effects }, index) => ({
            own: extraWrite === 'perRecord' || index === 0 ? own : 'none',
            effects,
          })),
        );
        const own = units.flatMap((ofUnit) => (extraWrite === 'perRecord' ? ofUnit : ofUnit.slice(0, 1)));
        const reasons = [...own.map((one) => one.own), ...blames.flatMap(({ effects }) => effects)];
        const all = members(...units.map((ofUnit) => ofUnit.map(({ effects }) => effects.length)));
        expect(blameOf(all, extraWrite, reasons)).toEqual(blames);
        expect(blameOf(all, extraWrite, [...reasons, 'none'])).toBeUndefined();
      }),
    );
  });
});

describe('a member', () => {
  it.each<Blame>([
    { own: 'conditionFailed', effects: [] },
    { own: 'conflict', effects: ['none', 'none'] },
    { own: 'none', effects: ['throttled'] },
    { own: 'none', effects: ['none', 'conditionFailed', 'none'] },
    { own: 'none', effects: ['none', 'invalid'] },
    { own: 'invalid', effects: ['invalid'] },
  ])('is to blame for anything against its mark or one of its effects: %j', (blame) => {
    expect(isBlamed(blame)).toBe(true);
  });

  it.each<Blame>([
    { own: 'none', effects: [] },
    { own: 'none', effects: ['none'] },
    { own: 'none', effects: ['none', 'none', 'none'] },
  ])('is not to blame where nothing is said against it: %j', (blame) => {
    expect(isBlamed(blame)).toBe(false);
  });
});

describe('a cancelled commit', () => {
  it.each<{ readonly reasons: readonly CancellationReason[] }>([
    { reasons: ['conflict'] },
    { reasons: ['throttled'] },
    { reasons: ['none', 'conflict', 'none'] },
    { reasons: ['throttled', 'none', 'conflict'] },
  ])('may pass where only time stands against it: $reasons', ({ reasons }) => {
    expect(isPassing(reasons)).toBe(true);
  });

  it.each<{ readonly reasons: readonly CancellationReason[] }>([
    { reasons: [] },
    { reasons: ['none'] },
    { reasons: ['none', 'none', 'none'] },
    { reasons: ['conditionFailed'] },
    { reasons: ['invalid'] },
    { reasons: ['conflict', 'conditionFailed'] },
    { reasons: ['none', 'throttled', 'invalid'] },
  ])('does not pass where anything else does, or nothing is said: $reasons', ({ reasons }) => {
    expect(isPassing(reasons)).toBe(false);
  });
});
