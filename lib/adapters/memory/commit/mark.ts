import type { Marker } from '../../../core/claim/marker.ts';
import type { MarkWrite, SetMarkResult } from '../../../ports/commit-store.ts';
import { isUnchanged } from '../is-unchanged.ts';
import { storableResult } from '../storable-result.ts';

type Markers = Map<string, Marker>;

/** Whether the marker is still the one that was seen. */
export function isAsSeen(
  markers: Markers,
  { idempotencyKey, seen }: Pick<MarkWrite, 'idempotencyKey' | 'seen'>,
): boolean {
  const marker = markers.get(idempotencyKey);
  return marker === undefined || seen === undefined ? marker === seen : isUnchanged(marker, seen);
}

/** The marker that a mark leaves. Throws a `StoreError` if its result cannot be stored. */
export function markerOf({ seen, attempts, expiresAtSeconds, fingerprint, result, source }: MarkWrite): Marker {
  return {
    status: 'COMPLETED',
    expiresAtSeconds,
    leaseUntilMs: undefined,
    owner: undefined,
    fence: (seen?.fence ?? 0) + 1,
    attempts,
    alone: false,
    fingerprint,
    result: result === undefined ? undefined : storableResult(result),
    source,
  };
}

export function setMark(markers: Markers, mark: MarkWrite): SetMarkResult {
  const marker = markerOf(mark);
  if (isAsSeen(markers, mark)) {
    markers.set(mark.idempotencyKey, marker);
    return { kind: 'marked' };
  }
  const existing = markers.get(mark.idempotencyKey);
  return existing === undefined ? { kind: 'gone' } : { kind: 'existing', marker: existing };
}
