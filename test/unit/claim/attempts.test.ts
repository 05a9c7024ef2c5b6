import { describe, expect, it } from 'vitest';
import { attemptsOfTakeOver, isExhausted } from '../../../lib/core/claim/attempts.ts';
import { markerWith } from './markers.ts';

describe('the attempts of a claim that takes over', () => {
  it.each([
    ['a failed one counts on', { attempts: 2 }, 'free', 3],
    ['one given back unstarted counts from there', { attempts: 0 }, 'free', 1],
    ['an expired completion begins anew', { status: 'COMPLETED', attempts: 7 }, 'free', 1],
    ['a lost one that was alone counts on', { attempts: 2, alone: true }, 'unknownOutcome', 3],
    ['a lost one among others takes its place', { attempts: 2, alone: false }, 'unknownOutcome', 2],
    ['a lost one of another library is the first', { attempts: 0, alone: false }, 'unknownOutcome', 1],
  ] as const)('%s', (_what, fields, judged, attempts) => {
    expect(attemptsOfTakeOver(markerWith(fields), judged)).toBe(attempts);
  });
});

describe('attempts are exhausted', () => {
  it.each([
    [{ alone: true, attempts: 3 }, 3, true],
    [{ alone: true, attempts: 2 }, 3, false],
    [{ alone: false, attempts: 30 }, 3, false],
    [{ alone: true, attempts: 1_000 }, Number.POSITIVE_INFINITY, false],
  ] as const)('%j with maxAttempts %d: %s', (fields, maxAttempts, expected) => {
    expect(isExhausted(markerWith(fields), maxAttempts)).toBe(expected);
  });
});
