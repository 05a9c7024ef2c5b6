import { Aws } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { mayBeOne } from '../../../../infra/consumer/environments.ts';

const account = '123456789012';
const region = 'eu-central-1';
const any = { account: Aws.ACCOUNT_ID, region: Aws.REGION };

describe('mayBeOne', () => {
  it.each([
    ['the same', { account, region }, true],
    ['another account', { account: '210987654321', region }, false],
    ['another Region', { account, region: 'eu-west-1' }, false],
    ['any account and Region', any, true],
    ['any account of the same Region', { ...any, region }, true],
    ['any account of another Region', { ...any, region: 'eu-west-1' }, false],
    ['any Region of the same account', { ...any, account }, true],
    ['any Region of another account', { ...any, account: '210987654321' }, false],
  ])('%s, whichever is asked for first', (_, other, expected) => {
    expect(mayBeOne({ account, region }, other)).toBe(expected);
    expect(mayBeOne(other, { account, region })).toBe(expected);
  });

  it('any and any', () => {
    expect(mayBeOne(any, any)).toBe(true);
  });
});
