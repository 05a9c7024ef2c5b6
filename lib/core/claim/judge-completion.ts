import type { Marker } from './marker.ts';

/**
 * Whether a refused completion took place all the same.
 *
 * COMPLETED under our owner means that the store carried it out and the answer was lost. Anything else (no marker,
 * another owner, another's completion) proves nothing about our record being marked: it is undone.
 */
export function isCompletedBy(marker: Marker | undefined, owner: string): boolean {
  return marker !== undefined && marker.status === 'COMPLETED' && marker.owner === owner;
}
