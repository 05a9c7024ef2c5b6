import type { ReadResult } from '../../ports/idempotency-store.ts';
import { malformedAnswer } from './classify-error.ts';
import { toMarker } from './marker-item.ts';
import { readItems } from './read-items.ts';
import type { TableRequest } from './table-request.ts';

/** Reads markers consistently: one result a key, in order. */
export function readMarkers(request: TableRequest, idempotencyKeys: readonly string[]): Promise<readonly ReadResult[]> {
  return readItems(request, idempotencyKeys, (item): ReadResult => {
    if (item === undefined) {
      return { kind: 'read', marker: undefined };
    }
    const marker = toMarker(request.table, item);
    return marker === undefined
      ? { kind: 'failed', error: malformedAnswer('an item without status or expiration', request.attempt) }
      : { kind: 'read', marker };
  });
}
