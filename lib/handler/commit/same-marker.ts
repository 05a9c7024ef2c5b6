import type { Marker } from '../../core/claim/marker.ts';

/** Whether nobody has written a marker since it was seen: what the condition of a mark or a takeover compares. */
export function isSameMarker(one: Marker | undefined, other: Marker | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.status === other.status &&
    one.expiresAtSeconds === other.expiresAtSeconds &&
    one.leaseUntilMs === other.leaseUntilMs &&
    one.owner === other.owner &&
    one.fence === other.fence
  );
}
