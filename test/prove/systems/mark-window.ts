import type { EffectSeen, World } from '../world.ts';
import { isInClaimWindow } from './claim-window.ts';

/**
 * Whether the documented window of `mark` covers a second effect: all that that of `claim` covers (a handler's start stands
 * for the claim), and that two invocations held the record at a time (also where a third repeats the effect, because one of them stood in the way of
 * the other's mark).
 */
export function isInMarkWindow(world: World, earlier: EffectSeen, later: EffectSeen): boolean {
  const first = world.invocations.get(earlier.run.invocation);
  const second = world.invocations.get(later.run.invocation);
  if (first === undefined || second === undefined) return false;
  const areAtOnce = first !== second && first.from < second.to && second.from < first.to;
  return areAtOnce || isInClaimWindow(earlier, later);
}
