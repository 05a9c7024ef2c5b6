import type { CommitMode, Review } from '../../../../lib/handler/commit/commit-mode.ts';
import type { Commit } from '../../../../lib/ports/commit-store.ts';
import type { PlainMember } from './commit-parts.ts';

/** Writes a mark for each record; reviews as planned, `same` when nothing is. */
export class PlainMode implements CommitMode<string, PlainMember> {
  readonly extraWrite = 'perRecord';
  readonly reviews: Review<string>[] = [];
  readonly reviewed: PlainMember[] = [];
  readonly lightened: PlainMember[] = [];
  readonly told: PlainMember[] = [];
  /** How often something can be left out. */
  lightenings = 0;

  writesOf(members: readonly PlainMember[]): Omit<Commit, 'token'> {
    const marks = members.map(({ entry }) => ({
      idempotencyKey: `${entry.received.partition}@${entry.received.offset}`,
      seen: undefined,
      attempts: 1,
      expiresAtSeconds: 0,
      fingerprint: undefined,
      result: undefined,
      source: undefined,
    }));
    return { marks, positions: [], effects: members.flatMap(({ effects }) => effects) };
  }

  review(member: PlainMember): Promise<Review<string>> {
    this.reviewed.push(member);
    return Promise.resolve(this.reviews.shift() ?? { kind: 'same' });
  }

  lighten(member: PlainMember): boolean {
    this.lightened.push(member);
    this.lightenings -= 1;
    return this.lightenings >= 0;
  }

  committed(members: readonly PlainMember[]): void {
    this.told.push(...members);
  }
}
