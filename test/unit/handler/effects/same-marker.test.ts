import { describe, expect, it } from 'vitest';
import type { Marker } from '../../../../lib/core/claim/marker.ts';
import { isSameMarker } from '../../../../lib/handler/commit/same-marker.ts';
import { markerWith } from '../../claim/markers.ts';

describe('a marker', () => {
  it.each<Partial<Marker>>([
    { status: 'COMPLETED' },
    { expiresAtSeconds: 10_001 },
    { leaseUntilMs: 1 },
    { leaseUntilMs: undefined },
    { owner: 'another' },
    { owner: undefined },
    { fence: 2 },
  ])('is another one after a write that gives it %j', (fields) => {
    expect(isSameMarker(markerWith({}), markerWith(fields))).toBe(false);
    expect(isSameMarker(markerWith(fields), markerWith({}))).toBe(false);
  });

  it('is another one where there is none', () => {
    expect(isSameMarker(markerWith({}), undefined)).toBe(false);
    expect(isSameMarker(undefined, markerWith({}))).toBe(false);
  });

  it('is the same as read twice, and so is none', () => {
    expect(isSameMarker(markerWith({}), markerWith({}))).toBe(true);
    expect(isSameMarker(undefined, undefined)).toBe(true);
  });
});
