import { createHash } from 'node:crypto';

/** `'md5'` is for tables shared with Powertools only. */
export type HashFunction = 'sha256' | 'md5';

/** SHA-256 in base64url: 43 characters of A-Z, a-z, 0-9, - and _. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** MD5 in padded base64: 24 characters, as Powertools has it. Not for security. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}
