import { describe, expect, it } from 'vitest';
import { KeyLeaders } from '../../../../lib/handler/commit/key-leaders.ts';
import { type Entry, Unit } from '../../../../lib/handler/run/entry.ts';
import { received } from '../../idempotency-key/records.ts';

function entries(): readonly [Entry, Entry, Entry] {
  const [first, second, third] = new Unit([0, 1, 2].map((offset) => received({ offset }))).entries;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three entries');
  return [first, second, third];
}

describe('who goes first for a key', () => {
  it('is the one that asked first, for everybody', () => {
    const [first, second] = entries();
    const leaders = new KeyLeaders();
    expect(leaders.leaderFor('x', first)).toBe(first);
    expect(leaders.leaderFor('x', second)).toBe(first);
    expect(leaders.leaderFor('x', first)).toBe(first);
  });

  it('is another one of another key', () => {
    const [first, second] = entries();
    const leaders = new KeyLeaders();
    leaders.leaderFor('x', first);
    expect(leaders.leaderFor('y', second)).toBe(second);
  });

  it('is the one that it was passed to, for everybody after that', () => {
    const [first, second, third] = entries();
    const leaders = new KeyLeaders();
    leaders.leaderFor('x', first);
    leaders.pass('x', second);
    expect(leaders.leaderFor('x', second)).toBe(second);
    expect(leaders.leaderFor('x', third)).toBe(second);
  });
});
