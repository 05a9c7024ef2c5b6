import { nextPosition } from '../../core/position/judge-position.ts';
import type { Commit } from '../../ports/commit-store.ts';
import type { Unit } from '../run/entry.ts';
import type { CommitMode, Review } from './commit-mode.ts';
import type { Moved, PositionMember } from './position-member.ts';
import type { Positions } from './positions.ts';

/** The commits of `position` mode: effects, and for each topic-partition the position behind its last record. */
export class PositionCommits implements CommitMode<Moved, PositionMember> {
  readonly extraWrite = 'perUnit';
  readonly #positions: Positions;
  readonly #generation: number;

  constructor(positions: Positions, generation: number) {
    this.#positions = positions;
    this.#generation = generation;
  }

  writesOf(members: readonly PositionMember[]): Omit<Commit, 'token'> {
    return {
      marks: [],
      positions: byUnit(members).map(([unit, ofUnit]) => {
        const { positionKey, position, source } = this.#positions.of(unit);
        const next = nextPosition(position, received(ofUnit), this.#generation);
        return { positionKey, expected: position, next, source };
      }),
      effects: members.flatMap((member) => member.effects),
    };
  }

  async review({ entry }: PositionMember): Promise<Review<Moved>> {
    const now = await this.#positions.fresh(entry.unit);
    if (now === 'same') return { kind: 'same' };
    return now === 'moved' ? { kind: 'final', reviewed: 'moved' } : { kind: 'failed', error: now };
  }

  lighten(): boolean {
    return false;
  }

  committed(members: readonly PositionMember[]): void {
    for (const [unit, ofUnit] of byUnit(members)) {
      const known = this.#positions.of(unit);
      known.position = nextPosition(known.position, received(ofUnit), this.#generation);
    }
  }
}

function byUnit(members: readonly PositionMember[]): readonly (readonly [Unit, readonly PositionMember[]])[] {
  return [...Map.groupBy(members, (member) => member.entry.unit)];
}

function received(members: readonly PositionMember[]): readonly PositionMember['entry']['received'][] {
  return members.map((member) => member.entry.received);
}
