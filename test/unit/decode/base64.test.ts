import { describe, expect, it } from 'vitest';
import { base64Bytes } from '../../../lib/core/decode/base64.ts';

describe('base64Bytes', () => {
  it.each([
    ['', []],
    ['AA==', [0]],
    ['AAE=', [0, 1]],
    ['AAEC', [0, 1, 2]],
    ['+/+/', [251, 255, 191]],
  ])('reads %j', (text, bytes) => {
    expect(base64Bytes(text)).toEqual(Uint8Array.from(bytes));
  });

  it.each([
    ['no padding', 'AA'],
    ['half the padding', 'AA='],
    ['too much padding', 'AAEC===='],
    ['a single character', 'A'],
    ['the URL alphabet', '-_-_'],
    ['a space', 'AAEC AAEC'],
    ['a line end', 'AAEC\n'],
    ['stray trailing bits', 'AB=='],
    ['padding inside', 'AA==AAEC'],
    ['other signs', '!!!!'],
    ['letters outside ASCII', 'äöü='],
    ['a zero character', 'AAEC\0'],
  ])('refuses %s', (_what, text) => {
    expect(base64Bytes(text)).toBeUndefined();
  });

  it('returns bytes of their own, not a window on shared memory', () => {
    const bytes = base64Bytes('AAEC');
    expect(bytes?.buffer.byteLength).toBe(3);
    expect(Buffer.isBuffer(bytes)).toBe(false);
  });
});
