import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Long enough for a busy table, short enough to be tried again within the time of an invocation. */
const requestTimeoutMs = 3_000;
const connectionTimeoutMs = 1_000;
const maxAttempts = 3;

/** The client to use, made at the first call unless it was given: making one takes time that a cold start lacks. */
export function lazyClient(given: DynamoDBClient | undefined): () => DynamoDBClient {
  let client = given;
  return () => {
    client ??= new DynamoDBClient({
      maxAttempts,
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: requestTimeoutMs,
        // Without this a time-out is only logged, and the request goes on waiting.
        throwOnRequestTimeout: true,
      },
    });
    return client;
  };
}

/**
 * Starts a request and rejects with an `AbortError` once the signal is aborted, also while the SDK waits between its
 * attempts or for credentials, when it does not look at the signal.
 */
export async function abortable<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  if (signal.aborted) {
    throw abortError(signal);
  }
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(abortError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([start(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** An error of our own, because the signal's reason may be anything and is not to be taken for an error of DynamoDB. */
function abortError(signal: AbortSignal): Error {
  const error = new Error('The call was aborted.', { cause: signal.reason });
  error.name = 'AbortError';
  return error;
}
