import type { EffectSeen, Run, World } from '../world.ts';
import { isInClaimWindow } from './claim-window.ts';

const never = Number.POSITIVE_INFINITY;

/**
 * Whether the documented window of `mark` covers a second effect: all that that of `claim` covers (a handler's start stands
 * for the claim), and that two invocations held the record at a time (also where a third repeats the effect, because one of them stood in the way of
 * the other's mark), and a mark of a killed process that arrived when the second invocation had begun, and may have read before.
 *
 * With many records a call it covers as well what a call did for a record behind one of its unit that it named as failed, as
 * long as that is neither marked nor acknowledged.
 */
export function isInMarkWindow(world: World, earlier: EffectSeen, later: EffectSeen): boolean {
  const first = world.invocations.get(earlier.run.invocation);
  const second = world.invocations.get(later.run.invocation);
  if (first === undefined || second === undefined) return false;
  const areAtOnce = first !== second && first.from < second.to && second.from < first.to;
  const arrivedLate = first !== second && isMarkedAfterDeath(earlier.run, second.from);
  return areAtOnce || arrivedLate || isInClaimWindow(earlier, later) || isBehindFailed(earlier.run, later.run);
}

/** A handler's start stands for the claim, but its marker was read before that: over a real store what is sent may come in between. */
function isMarkedAfterDeath({ host, claim, acknowledgedAt }: Run, secondFrom: number): boolean {
  const isKilled = host.killedAt !== undefined && acknowledgedAt === undefined;
  return isKilled && claim?.markedAt !== undefined && claim.markedAt > secondFrom;
}

function isBehindFailed(first: Run, second: Run): boolean {
  if (!first.isBehindFailed || first.claim === undefined || second.claim === undefined) return false;
  const doneAt = Math.min(first.claim.markedAt ?? never, first.acknowledgedAt ?? never);
  return doneAt > second.claim.at;
}
