import type { Marker } from '../../../../lib/core/claim/marker.ts';
import type { Clock } from '../../../../lib/ports/clock.ts';
import { markerWith } from '../../claim/markers.ts';

/** A claim of another owner that works on its record for `forMs` still. */
export function liveClaim(clock: Clock, forMs: number): Marker {
  return claim(clock, { leaseUntilMs: clock.nowMs() + forMs });
}

/** A claim whose lease has been over for a minute: its owner may have crashed. */
export function abandonedClaim(clock: Clock, fields: Partial<Marker> = {}): Marker {
  return claim(clock, { leaseUntilMs: clock.nowMs() - 60_000, ...fields });
}

/** What a release after a failure leaves: free to be taken over, with its attempts. */
export function releasedClaim(clock: Clock, fields: Partial<Marker> = {}): Marker {
  return claim(clock, { leaseUntilMs: 0, owner: undefined, ...fields });
}

function claim(clock: Clock, fields: Partial<Marker>): Marker {
  return markerWith({
    expiresAtSeconds: Math.ceil(clock.nowMs() / 1000) + 86_400,
    owner: 'another',
    fence: 7,
    ...fields,
  });
}
