import { describe, expect, it } from 'vitest';
import { isUnbroken, type Joined } from '../../../lib/local/esm/membership.ts';

const before: Joined = { memberId: 'a', generationId: 4 };

describe('a membership', () => {
  it('goes on with the next rebalance', () => {
    expect(isUnbroken(before, { memberId: 'a', generationId: 5 })).toBe(true);
  });

  it.each([
    ['there was none before', undefined, { memberId: 'a', generationId: 5 }],
    ['the group made a new member of it', before, { memberId: 'b', generationId: 5 }],
    ['it missed a rebalance', before, { memberId: 'a', generationId: 6 }],
  ])('does not when %s', (_, last, now) => {
    expect(isUnbroken(last, now)).toBe(false);
  });
});
