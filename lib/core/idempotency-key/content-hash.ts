import type { ReceivedRecord } from '../record.ts';
import { sha256 } from './hash.ts';

/** SHA-256 of the bytes of key and value; undefined for a tombstone. */
export function contentHashOf(received: ReceivedRecord): string | undefined {
  const { key, value } = received;
  if (typeof value !== 'string') return undefined;
  // Both are strict base64, one text for one byte string, without line ends: the texts serve as well as the bytes.
  return sha256(`content\n${typeof key === 'string' ? key : ''}\n${value}`);
}
