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
 * Starts a request and rejects with the signal's reason once that is aborted, also while the SDK waits between its
 * attempts or for credentials, when it does not look at the signal.
 */
export async function abortable<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([start(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
