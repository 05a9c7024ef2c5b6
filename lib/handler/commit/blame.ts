import type { CancellationReason } from '../../ports/commit-store.ts';
import type { Member } from './member.ts';

/** What a cancelled commit says of one member. */
export interface Blame {
  /** Of its marker, or of the position of its unit. */
  readonly own: CancellationReason;
  /** Of its effects, in order. */
  readonly effects: readonly CancellationReason[];
}

/**
 * Divides the reasons of a cancelled commit among its members, in their order; undefined if they are not one for each write.
 *
 * The position of a unit is written once: a reason against it is one against the unit's first member.
 */
export function blameOf(
  members: readonly Pick<Member<never>, 'entry' | 'effects'>[],
  extraWrite: 'perRecord' | 'perUnit',
  reasons: readonly CancellationReason[],
): readonly Blame[] | undefined {
  const hasOwn = members.map(
    ({ entry }, index) =>
      extraWrite === 'perRecord' || members.findIndex((one) => one.entry.unit === entry.unit) === index,
  );
  const own = hasOwn.filter((has) => has).length;
  const effects = members.reduce((sum, member) => sum + member.effects.length, 0);
  if (reasons.length !== own + effects) return undefined;
  let ownAt = 0;
  let effectAt = own;
  return members.map((member, index) => {
    const first = effectAt;
    effectAt += member.effects.length;
    const ownReason = hasOwn[index] === true ? (reasons[ownAt++] ?? 'none') : 'none';
    return { own: ownReason, effects: reasons.slice(first, effectAt) };
  });
}

/** Whether a member is what a commit was cancelled for. */
export function isBlamed({ own, effects }: Blame): boolean {
  return own !== 'none' || effects.some((reason) => reason !== 'none');
}

/** Whether nothing but time stands against a commit. */
export function isPassing(reasons: readonly CancellationReason[]): boolean {
  const told = reasons.filter((reason) => reason !== 'none');
  return told.length > 0 && told.every((reason) => reason === 'conflict' || reason === 'throttled');
}
