import { describe, expect, it } from 'vitest';
import { isCompletedBy } from '../../../lib/core/claim/judge-completion.ts';
import { judgeMarker } from '../../../lib/core/claim/judge-marker.ts';
import { markerWith } from './markers.ts';

const nowMs = 1_000_000;
const terms = { owner: 'me', nowMs, clockSkewMs: 2_000 };

describe('a marker in the way of a claim', () => {
  it.each([
    ['completed', { status: 'COMPLETED', expiresAtSeconds: 2_000 }, { kind: 'completed' }],
    ['completed, at the very end of its time', { status: 'COMPLETED', expiresAtSeconds: 1_000 }, { kind: 'completed' }],
    ['completed and expired, though not deleted yet', { status: 'COMPLETED', expiresAtSeconds: 999 }, { kind: 'free' }],
    ['completed by our own claim', { status: 'COMPLETED', owner: 'me' }, { kind: 'completed' }],
    ['in progress under our own claim', { owner: 'me', leaseUntilMs: nowMs + 1 }, { kind: 'own' }],
    ['our own claim with its lease over', { owner: 'me', leaseUntilMs: 1 }, { kind: 'own' }],
    ['released', { owner: undefined, leaseUntilMs: 0 }, { kind: 'free' }],
    ['held by a live owner', { leaseUntilMs: nowMs + 500 }, { kind: 'busy', freeAtMs: nowMs + 2_500 }],
    [
      'held by an owner whose clock may be slow',
      { leaseUntilMs: nowMs - 1_999 },
      { kind: 'busy', freeAtMs: nowMs + 1 },
    ],
    ['held until just now', { leaseUntilMs: nowMs - 2_000 }, { kind: 'busy', freeAtMs: nowMs }],
    ['held by an owner whose lease ran out', { leaseUntilMs: nowMs - 2_001 }, { kind: 'unknownOutcome' }],
  ] as const)('%s', (_what, fields, judgement) => {
    expect(judgeMarker(markerWith(fields), terms)).toEqual(judgement);
  });

  it('of another library, in progress without a lease, is locked until it expires', () => {
    const foreign = markerWith({
      owner: undefined,
      leaseUntilMs: undefined,
      expiresAtSeconds: 1_001,
      fence: 0,
      attempts: 0,
    });
    expect(judgeMarker(foreign, terms)).toEqual({ kind: 'busy', freeAtMs: 1_003_000 });
    expect(judgeMarker(foreign, { ...terms, nowMs: 1_003_001 })).toEqual({ kind: 'unknownOutcome' });
  });

  it('of another library, with a lease that is over, is of unknown outcome too', () => {
    const foreign = markerWith({ owner: undefined, leaseUntilMs: 5, fence: 0, attempts: 0 });
    expect(judgeMarker(foreign, terms)).toEqual({ kind: 'unknownOutcome' });
  });
});

describe('a refused completion', () => {
  it.each([
    ['took place, if the marker is completed by us', { status: 'COMPLETED', owner: 'me' }, true],
    ['did not, if somebody else completed', { status: 'COMPLETED', owner: 'other' }, false],
    ['did not, if the marker is in progress', { owner: 'me' }, false],
    ['did not, if nobody owns the completion', { status: 'COMPLETED', owner: undefined }, false],
  ] as const)('%s', (_what, fields, expected) => {
    expect(isCompletedBy(markerWith(fields), 'me')).toBe(expected);
  });

  it('did not, if there is no marker', () => {
    expect(isCompletedBy(undefined, 'me')).toBe(false);
  });
});
