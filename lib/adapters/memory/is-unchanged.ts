import type { Marker } from '../../core/claim/marker.ts';

/** Whether a marker is still the one that was seen, as far as a claim or a completion would have changed it. */
export function isUnchanged(marker: Marker, seen: Marker): boolean {
  return (
    marker.status === seen.status &&
    marker.expiresAtSeconds === seen.expiresAtSeconds &&
    marker.leaseUntilMs === seen.leaseUntilMs &&
    marker.owner === seen.owner &&
    marker.fence === seen.fence
  );
}
