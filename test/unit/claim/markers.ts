import type { Marker } from '../../../lib/core/claim/marker.ts';

/** A marker of somebody's claim, with these fields. */
export function markerWith(fields: Partial<Marker>): Marker {
  return {
    status: 'INPROGRESS',
    expiresAtSeconds: 10_000,
    leaseUntilMs: 0,
    owner: 'somebody',
    fence: 1,
    attempts: 1,
    alone: false,
    fingerprint: undefined,
    result: undefined,
    source: undefined,
    ...fields,
  };
}
