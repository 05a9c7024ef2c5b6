import { describe, expect, it } from 'vitest';
import type { Marker } from '../../../../lib/core/claim/marker.ts';
import { formatNote, leftBy } from '../../../../lib/handler/commit/starts/in-flight-note.ts';

const marker: Marker = {
  ...{ status: 'INPROGRESS', expiresAtSeconds: 9e9, leaseUntilMs: 1, owner: 'a', fence: 1, attempts: 1, alone: true },
  ...{ fingerprint: undefined, result: undefined, source: 'my.topic-3@41..99' },
};

describe('an in-flight item', () => {
  it('says which record was called, whether it was alone, and how far the batch went', () => {
    const note = { record: 'my.topic-3@41', alone: true, upTo: 99 };
    expect(leftBy(marker)).toEqual(note);
    expect(leftBy({ ...marker, source: formatNote(note), alone: false })).toEqual({ ...note, alone: false });
  });

  it('says nothing when it was released', () => {
    expect(leftBy({ ...marker, owner: undefined })).toBeUndefined();
    expect(leftBy({ ...marker, status: 'COMPLETED' })).toBeUndefined();
  });

  it.each([undefined, '', 'orders-0@1', 'orders-0@1..', '..4'])('blames nobody and suspects all by %j', (source) => {
    expect(leftBy({ ...marker, source })).toEqual({ record: '', alone: false, upTo: Number.MAX_SAFE_INTEGER });
  });
});
