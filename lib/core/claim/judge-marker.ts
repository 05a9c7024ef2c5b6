import type { Marker } from './marker.ts';

/** What a marker found in the way of a claim means for the one who wants to claim. */
export type Judgement =
  /** Our own claim: the store carried it out and its answer was lost. */
  | { readonly kind: 'own' }
  /** An effect took place: the record is a duplicate, if its fingerprint agrees. */
  | { readonly kind: 'completed' }
  /** Another owner is alive, or may be until `freeAtMs` (epoch ms). */
  | { readonly kind: 'busy'; readonly freeAtMs: number }
  /** Released or expired: may be taken over without a doubt. */
  | { readonly kind: 'free' }
  /** The owner's lease ran out with neither completion nor release: its effect may have happened. */
  | { readonly kind: 'unknownOutcome' };

export interface JudgeTerms {
  /** The owner of the claim that we tried to write. */
  readonly owner: string;
  readonly nowMs: number;
  /** How far two machines' clocks may differ; another owner's lease counts as over only this much later. */
  readonly clockSkewMs: number;
}

/**
 * Judges a marker by our own clock: TTL deletes expired items days late, so presence proves nothing.
 *
 * Accepts markers of Powertools too: in progress without a lease they are locked until they expire.
 */
export function judgeMarker(marker: Marker, terms: JudgeTerms): Judgement {
  const expiresAtMs = marker.expiresAtSeconds * 1000;
  if (marker.status === 'COMPLETED') {
    return expiresAtMs < terms.nowMs ? { kind: 'free' } : { kind: 'completed' };
  }
  if (marker.owner === terms.owner) return { kind: 'own' };
  if (isReleased(marker)) return { kind: 'free' };
  const freeAtMs = (marker.leaseUntilMs ?? expiresAtMs) + terms.clockSkewMs;
  return freeAtMs < terms.nowMs ? { kind: 'unknownOutcome' } : { kind: 'busy', freeAtMs };
}

/** A release removes the owner and ends the lease; a marker of another library has no owner but a lease. */
function isReleased(marker: Marker): boolean {
  return marker.owner === undefined && marker.leaseUntilMs === 0;
}
