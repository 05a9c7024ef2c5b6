import { describe, expect, it } from 'vitest';
import { mskIamToken } from '../../../../../infra/stacks/topics/msk-iam-token.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'to/ken+=*(x)',
};
const now = new Date('2026-11-21T10:11:12.345Z');
const urlOf = (token: string): URL => new URL(Buffer.from(token, 'base64url').toString());

describe('the token for MSK', () => {
  it('is signed as the SigV4 signer of the AWS SDK signs the same request', () => {
    const url = urlOf(mskIamToken('eu-central-1', credentials, now));
    // Signed by @smithy/signature-v4: GET kafka.eu-central-1.amazonaws.com/?Action=kafka-cluster:Connect, 900 s.
    expect(url.searchParams.get('X-Amz-Signature')).toBe(
      '52dd991d4cc422505f7a3252f3f0e7b156aa3541e1679079a279b1bea7aad5d5',
    );
  });

  it('names action, Region, time, validity and session', () => {
    const url = urlOf(mskIamToken('eu-central-1', credentials, now));
    expect(url.origin).toBe('https://kafka.eu-central-1.amazonaws.com');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'kafka-cluster:Connect',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261121/eu-central-1/kafka-cluster/aws4_request',
      'X-Amz-Date': '20261121T101112Z',
      'X-Amz-Expires': '900',
      'X-Amz-Security-Token': credentials.sessionToken,
      'X-Amz-SignedHeaders': 'host',
    });
  });

  it('does without a session, and has no padding', () => {
    const token = mskIamToken('us-east-1', { accessKeyId: 'A', secretAccessKey: 's' }, now);
    expect(urlOf(token).searchParams.has('X-Amz-Security-Token')).toBe(false);
    expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
  });
});
