import { effectSizeBytes } from '../../core/effects/size.ts';
import type { Identities } from './identities.ts';
import type { Member } from './member.ts';

/**
 * Limits of `TransactWriteItems`: 100 actions and 4 MB, of which some is left for markers and positions.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export const mostActions = 100;
const mostBytes = 3_500_000;

export interface Composed<M> {
  readonly members: readonly M[];
  /** Something that is ready did not fit any more. */
  readonly isFull: boolean;
}

export interface ComposeTerms {
  /** What each record (its marker) or each unit (its position) writes beside the effects. */
  readonly extraWrite: 'perRecord' | 'perUnit';
  /** Items that commits on their way write: to touch them would be a conflict of our own making. */
  readonly inFlight: Identities;
  /** Whether a member that has to be alone may be chosen now. */
  readonly mayBeAlone: boolean;
}

/**
 * Chooses what commits together: of each lane a prefix, no item twice.
 *
 * `lanes`: the members that are ready, by lane, in order. A member that has to be alone is chosen alone, at its turn.
 */
export function composeGroup<M extends Member<never>>(
  lanes: Iterable<readonly M[]>,
  { extraWrite, inFlight, mayBeAlone }: ComposeTerms,
): Composed<M> {
  const members: M[] = [];
  const touched = inFlight.empty();
  let actions = 0;
  let bytes = 0;
  let most = Number.POSITIVE_INFINITY;
  let isFull = false;
  for (const lane of lanes) {
    let isFirstOfLane = true;
    for (const member of lane) {
      if (inFlight.clash(member.effects) || touched.clash(member.effects)) break;
      if (member.alone) {
        if (mayBeAlone && members.length === 0) return { members: [member], isFull: true };
        break;
      }
      const cost = member.effects.length + (extraWrite === 'perRecord' || isFirstOfLane ? 1 : 0);
      const size = member.effects.reduce((sum, effect) => sum + effectSizeBytes(effect), 0);
      const fits = actions + cost <= mostActions && (members.length === 0 || bytes + size <= mostBytes);
      if (!fits || members.length + 1 > Math.min(most, member.mostTogether)) {
        isFull = true;
        break;
      }
      members.push(member);
      touched.add(member.effects);
      actions += cost;
      bytes += size;
      most = Math.min(most, member.mostTogether);
      isFirstOfLane = false;
    }
  }
  return { members, isFull: isFull || actions >= mostActions || members.length >= most };
}
