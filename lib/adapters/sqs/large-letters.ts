import type { S3Client } from '@aws-sdk/client-s3';
import type { DeadLetterLocation } from '../../core/dead-letter/dead-letter-body.ts';
import { onceLoaded } from '../once-loaded.ts';
import { defaultS3Client, notLoaded } from './aws-clients.ts';
import { untilAborted } from './until-aborted.ts';

const s3Package = onceLoaded(async () => {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (cause) {
    throw notLoaded('@aws-sdk/client-s3', cause);
  }
});

/** Stores the body of a letter as an object; resolves only when S3 has confirmed it. */
export type LargeLetterStore = (at: DeadLetterLocation, body: string, signal: AbortSignal) => Promise<void>;

/** Stores in S3, with the client given or else one of its own. */
export function largeLetters(given: S3Client | undefined): LargeLetterStore {
  let client = given;

  async function put({ bucket, key }: DeadLetterLocation, body: string, signal: AbortSignal): Promise<void> {
    const s3 = await s3Package();
    client ??= defaultS3Client(s3);
    const command = new s3.PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: 'application/json',
    });
    const answer = await client.send(command, { abortSignal: signal });
    // S3 names every object it stored; a 200 without that came from something else.
    if (typeof answer.ETag !== 'string' || answer.ETag === '') throw new UnconfirmedObjectError();
  }

  return async (at, body, signal) => await untilAborted(put(at, body, signal), signal);
}

class UnconfirmedObjectError extends Error {
  override readonly name = 'UnconfirmedObjectError';
  override readonly message = 'the answer of S3 has no ETag';
}
