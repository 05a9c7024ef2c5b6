import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemIdentity } from '../../../../lib/core/effects/item-identity.ts';
import { effectSizeBytes } from '../../../../lib/core/effects/size.ts';
import { type Composed, composeGroup } from '../../../../lib/handler/commit/compose-group.ts';
import { Identities } from '../../../../lib/handler/commit/identities.ts';
import { membersOf, PlainMember, put, unitOf, update } from './commit-parts.ts';

type Lanes = readonly (readonly PlainMember[])[];

function compose(
  lanes: Lanes,
  { extraWrite = 'perRecord' as 'perRecord' | 'perUnit', inFlight = new Identities(), mayBeAlone = true } = {},
): Composed<PlainMember> {
  return composeGroup<PlainMember>(lanes, { extraWrite, inFlight, mayBeAlone });
}

/** A lane of a unit of its own, of which each member updates the items of these IDs. */
function lane(partition: number, ...items: readonly (readonly string[])[]): readonly PlainMember[] {
  return membersOf(unitOf(items.length, partition), ({ index }) => (items[index] ?? []).map((id) => update(id)));
}

/** A lane of which each member has this many updates of items of its own. */
function laneOfCounts(partition: number, ...counts: readonly number[]): readonly PlainMember[] {
  const idsOf = (count: number, index: number): string[] =>
    Array.from({ length: count }, (_, n) => `${partition}-${index}-${n}`);
  return lane(partition, ...counts.map(idsOf));
}

/** A lane of which each member has one update of about this many bytes. */
function laneOfBytes(partition: number, ...sizes: readonly number[]): readonly PlainMember[] {
  return membersOf(unitOf(sizes.length, partition), ({ index }) => [update(`${partition}-${index}`, sizes[index])]);
}

/** The members chosen, as `partition@offset`. */
function places({ members }: Composed<PlainMember>): readonly string[] {
  return members.map(({ entry: { received } }) => `${received.partition}@${received.offset}`);
}

function inFlightOf(...ids: readonly string[]): Identities {
  const inFlight = new Identities();
  inFlight.add(ids.map((id) => update(id)));
  return inFlight;
}

describe('a group', () => {
  it('has all that is ready, in order, while it fits', () => {
    const composed = compose([laneOfCounts(0, 1, 2, 0), laneOfCounts(1, 3)]);
    expect(places(composed)).toEqual(['0@0', '0@1', '0@2', '1@0']);
    expect(composed.isFull).toBe(false);
  });

  it('has a hundred writes at most, the marks among them', () => {
    const composed = compose([laneOfCounts(0, 49, 49, 1)]);
    expect(places(composed)).toEqual(['0@0', '0@1']);
    expect(composed.isFull).toBe(true);
    expect(places(compose([laneOfCounts(0, 49, 50)]))).toEqual(['0@0']);
    expect(places(compose([laneOfCounts(0, 99)]))).toEqual(['0@0']);
    expect(compose([laneOfCounts(0, 99)]).isFull).toBe(true);
    expect(compose([laneOfCounts(0, 98)]).isFull).toBe(false);
  });

  it('counts one position for each unit, not for each record', () => {
    const perUnit = { extraWrite: 'perUnit' } as const;
    expect(places(compose([laneOfCounts(0, 49, 50)], perUnit))).toEqual(['0@0', '0@1']);
    expect(places(compose([laneOfCounts(0, 49, 51)], perUnit))).toEqual(['0@0']);
    expect(places(compose([laneOfCounts(0, 49), laneOfCounts(1, 49)], perUnit))).toEqual(['0@0', '1@0']);
    expect(places(compose([laneOfCounts(0, 49), laneOfCounts(1, 50)], perUnit))).toEqual(['0@0']);
  });

  it('stays well below 4 MB', () => {
    const composed = compose([laneOfBytes(0, 1_700_000, 1_700_000, 200_000)]);
    expect(places(composed)).toEqual(['0@0', '0@1']);
    expect(composed.isFull).toBe(true);
    const many = laneOfBytes(0, ...Array.from({ length: 20 }, () => 390_000));
    const { members } = compose([many]);
    const bytes = members.flatMap(({ effects }) => effects).reduce((sum, effect) => sum + effectSizeBytes(effect), 0);
    expect(members).toHaveLength(8);
    expect(bytes).toBeLessThanOrEqual(3_500_000);
  });

  it('is a single member that is larger than that: a record may have nearly 4 MB', () => {
    const composed = compose([laneOfBytes(0, 3_900_000, 10), laneOfBytes(1, 10)]);
    expect(places(composed)).toEqual(['0@0']);
    expect(composed.isFull).toBe(true);
  });

  it('has no item twice', () => {
    expect(places(compose([lane(0, ['a']), lane(1, ['b', 'a']), lane(2, ['c'])]))).toEqual(['0@0', '2@0']);
    expect(places(compose([lane(0, ['a'], ['b'], ['a'], ['c'])]))).toEqual(['0@0', '0@1']);
  });

  it('has no item that a commit on its way writes', () => {
    const inFlight = inFlightOf('a');
    expect(places(compose([lane(0, ['a']), lane(1, ['b'])], { inFlight }))).toEqual(['1@0']);
    expect(compose([lane(0, ['a'])], { inFlight })).toEqual({ members: [], isFull: false });
  });

  it('knows the item of a put where the key of its table has been learnt, in flight as well', () => {
    const putting = (partition: number, id: string): readonly PlainMember[] =>
      membersOf(unitOf(1, partition), () => [put(id)]);
    const inFlight = new Identities();
    inFlight.learn([update('any')]);
    expect(places(compose([lane(0, ['a']), putting(1, 'a'), putting(2, 'b')], { inFlight }))).toEqual(['0@0', '2@0']);
    inFlight.add([put('b')]);
    expect(places(compose([putting(2, 'b'), putting(3, 'c')], { inFlight }))).toEqual(['3@0']);
  });

  it('has no more members than the least that one of them allows', () => {
    const four = laneOfCounts(0, 1, 1, 1, 1);
    for (const [index, mostTogether] of [
      [0, 2],
      [1, 2],
    ] as const) {
      const lanes = laneOfCounts(0, 1, 1, 1, 1);
      const member = lanes[index];
      if (member !== undefined) member.mostTogether = mostTogether;
      const composed = compose([lanes]);
      expect(places(composed)).toEqual(['0@0', '0@1']);
      expect(composed.isFull).toBe(true);
    }
    const [, , third] = four;
    if (third !== undefined) third.mostTogether = 2;
    expect(places(compose([four]))).toEqual(['0@0', '0@1']);
  });
});

describe('no record passes an earlier one of its unit', () => {
  it('that does not fit any more', () => {
    expect(places(compose([laneOfCounts(0, 60, 60, 1), laneOfCounts(1, 2)]))).toEqual(['0@0', '1@0']);
    expect(places(compose([laneOfBytes(0, 3_000_000, 1_000_000, 10), laneOfBytes(1, 10)]))).toEqual(['0@0', '1@0']);
  });

  it('that touches an item of another member, or of a commit on its way', () => {
    expect(places(compose([lane(0, ['a']), lane(1, ['a'], ['b']), lane(2, ['c'])]))).toEqual(['0@0', '2@0']);
    expect(places(compose([lane(0, ['a'], ['b'])], { inFlight: inFlightOf('a') }))).toEqual([]);
  });

  it('that has to be alone', () => {
    const [first, second, third] = laneOfCounts(0, 1, 1, 1);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
    second.alone = true;
    expect(places(compose([[first, second, third], laneOfCounts(1, 1)]))).toEqual(['0@0', '1@0']);
    expect(places(compose([[second, third], laneOfCounts(1, 1)]))).toEqual(['0@1']);
    expect(places(compose([[second, third], laneOfCounts(1, 1)], { mayBeAlone: false }))).toEqual(['1@0']);
  });

  it('that allows less company', () => {
    const [first, second, third] = laneOfCounts(0, 1, 1, 1);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
    second.mostTogether = 1;
    expect(places(compose([[first, second, third]]))).toEqual(['0@0']);
  });
});

describe('a member that has to be alone', () => {
  it('is chosen alone, before all others, and takes nobody along', () => {
    const [alone] = laneOfCounts(0, 1);
    if (alone === undefined) throw new Error('one was made');
    alone.alone = true;
    expect(places(compose([[alone], laneOfCounts(1, 1)]))).toEqual(['0@0']);
    expect(compose([[alone], laneOfCounts(1, 1)]).isFull).toBe(true);
    expect(places(compose([laneOfCounts(1, 1), [alone], laneOfCounts(2, 1)]))).toEqual(['1@0', '2@0']);
  });

  it('waits for a commit on its way that touches an item of it', () => {
    const [alone] = lane(0, ['a']);
    if (alone === undefined) throw new Error('one was made');
    alone.alone = true;
    expect(places(compose([[alone], lane(1, ['b'])], { inFlight: inFlightOf('a') }))).toEqual(['1@0']);
  });
});

interface PlannedMember {
  readonly items: readonly number[];
  readonly bytes: number;
  readonly alone: boolean;
  readonly mostTogether: number;
}

const megabytes = [0.9, 1.8, 3.6].map((count) => count * 1_000_000);

/** Lanes with members of all kinds, on few items. */
function plannedLanes(): fc.Arbitrary<Lanes> {
  const few = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 3 });
  const many = fc.integer({ min: 30, max: 99 }).map((count) => Array.from({ length: count }, (_, item) => 100 + item));
  const member = fc.record<PlannedMember>({
    items: fc.oneof({ weight: 3, arbitrary: few }, many),
    bytes: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(...megabytes)),
    alone: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
    mostTogether: fc.oneof({ weight: 4, arbitrary: fc.constant(Number.POSITIVE_INFINITY) }, fc.constantFrom(1, 2, 4)),
  });
  const lanes = fc.array(fc.array(member, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });
  return lanes.map((planned) =>
    planned.map((of, partition) =>
      unitOf(of.length, partition).entries.map((entry, index) => {
        const { items = [], bytes = 0, alone = false, mostTogether = 1 } = of[index] ?? {};
        const effects = items.map((item, place) => update(`${item}`, place === 0 ? bytes : 0));
        return Object.assign(new PlainMember(entry, effects), { alone, mostTogether });
      }),
    ),
  );
}

/** What a list of members would be as one commit. */
function weigh(members: readonly PlainMember[], extraWrite: 'perRecord' | 'perUnit') {
  const effects = members.flatMap((member) => member.effects);
  const own = extraWrite === 'perRecord' ? members.length : new Set(members.map(({ entry }) => entry.unit)).size;
  return {
    writes: own + effects.length,
    bytes: effects.reduce((sum, effect) => sum + effectSizeBytes(effect), 0),
    hasItemTwice: new Set(effects.map((effect) => itemIdentity(effect))).size < effects.length,
    most: Math.min(...members.map(({ mostTogether }) => mostTogether)),
  };
}

/** Whether these could commit together. */
function mayBeGroup(members: readonly PlainMember[], extraWrite: 'perRecord' | 'perUnit'): boolean {
  const { writes, bytes, most } = weigh(members, extraWrite);
  return writes <= 100 && (members.length === 1 || bytes <= 3_500_000) && members.length <= most;
}

describe('any group', () => {
  it('keeps the limits and the order, and leaves nothing out that would fit at its turn', () => {
    fc.assert(
      fc.property(
        plannedLanes(),
        fc.constantFrom('perRecord' as const, 'perUnit' as const),
        fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 3 }),
        fc.boolean(),
        (lanes, extraWrite, busy, mayBeAlone) => {
          const inFlight = inFlightOf(...busy.map(String));
          const composed = compose(lanes, { extraWrite, inFlight, mayBeAlone });
          const { members, isFull } = composed;
          const prefixes = lanes.map((of) => of.slice(0, of.filter((member) => members.includes(member)).length));
          expect(places(composed)).toEqual(places({ members: prefixes.flat(), isFull }));
          expect(members.length === 0 || mayBeGroup(members, extraWrite)).toBe(true);
          expect(weigh(members, extraWrite).hasItemTwice).toBe(false);
          expect(members.some(({ effects }) => inFlight.clash(effects))).toBe(false);
          if (members.some(({ alone }) => alone)) {
            expect({ mayBeAlone, isFull, count: members.length }).toEqual({ mayBeAlone: true, isFull: true, count: 1 });
            return;
          }
          // What is next in a lane stays out for a reason.
          for (const [at, of] of lanes.entries()) {
            const next = of[prefixes[at]?.length ?? 0];
            if (next === undefined || next.alone || inFlight.clash(next.effects)) continue;
            const together = [...members, next];
            if (weigh(together, extraWrite).hasItemTwice) continue;
            expect({ fits: mayBeGroup(together, extraWrite), isFull }).toEqual({ fits: false, isFull: true });
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
