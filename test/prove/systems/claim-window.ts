import type { EffectSeen } from '../world.ts';

/**
 * Whether the documented window of `claim` covers a second effect.
 *
 * It does if, and only if:
 *
 * - `later` was made under an older claim than `earlier`: its process stood still between claim and effect, past its lease,
 *   or its handler had given up on it (or was killed) while it was on its way; or
 * - the handler of `earlier` threw after its effect (or the effect was carried out after the handler had given up on it): it
 *   told the toolkit that there was none; or
 * - `earlier` had neither a completion mark nor been acknowledged when `later` was claimed, and that because its process was
 *   killed or stood still, or because a call that would have written the mark failed.
 */
export function isInClaimWindow(earlier: EffectSeen, later: EffectSeen): boolean {
  const { run: first } = earlier;
  const { run: second } = later;
  if (first.claim === undefined || second.claim === undefined) return false;
  if (second.claim.at < first.claim.at) return later.isLate || second.host.stoodStill(second.claim.at, later.at);
  if (first.ended === 'threw') return true;
  if (first.acknowledgedAt !== undefined && first.acknowledgedAt < second.claim.at) return false;
  const { markedAt = Number.POSITIVE_INFINITY } = first.claim;
  if (markedAt < second.claim.at) return false;
  return (
    first.host.killedAt !== undefined || first.host.stoodStill(first.claim.at, markedAt) || first.claim.markingFailed
  );
}
