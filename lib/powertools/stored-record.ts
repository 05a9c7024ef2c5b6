import { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import type { Marker } from '../core/claim/marker.ts';

/** A marker in the form in which Powertools reads it. */
export function toIdempotencyRecord(idempotencyKey: string, marker: Marker): IdempotencyRecord {
  const record = new IdempotencyRecord({
    idempotencyKey,
    status: marker.status,
    expiryTimestamp: marker.expiresAtSeconds,
    ...(marker.leaseUntilMs === undefined ? {} : { inProgressExpiryTimestamp: marker.leaseUntilMs }),
    ...(marker.fingerprint === undefined ? {} : { payloadHash: marker.fingerprint }),
  });
  // Powertools types it as JSON; it is whatever the function returned, as far as the store could keep it.
  return Object.assign(record, { responseData: marker.result });
}
