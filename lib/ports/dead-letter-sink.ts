import type { ReceivedRecord } from '../core/record.ts';

/** Why a record is given up on. Bounded set: it is used as a metric dimension. */
export type DeadLetterReason =
  | 'undecodable'
  | 'schemaViolation'
  | 'businessIdRejected'
  | 'fingerprintMismatch'
  | 'unprocessable'
  | 'attemptsExhausted'
  | 'unknownOutcome'
  | 'keyHeld';

/** A record that is given up on, whole, with the reason. */
export interface DeadLetter {
  readonly record: ReceivedRecord;
  readonly reason: DeadLetterReason;
  /** Whatever was thrown; may be anything, an object whose `message` throws included. */
  readonly error: unknown;
  /** Attempts made, this one included. */
  readonly attempts: number;
  /** Hashed idempotency key, where there is one. */
  readonly idempotencyKey: string | undefined;
  /** Key of the marker that holds the record's Kafka key; only under `afterDeadLetter: 'holdKey'`. */
  readonly holdKey?: string | undefined;
  readonly clusterLabel: string;
  readonly namespace: string;
  /** Epoch milliseconds. */
  readonly deadLetteredAtMs: number;
}

/**
 * Where records go that cannot be handled.
 *
 * `send` resolves only when the letter is stored durably; any doubt is a rejection, after which the record is `failed`
 * and will be delivered again. It may be called concurrently and may gather calls into one request. Sending a letter
 * twice is allowed (at least once). Whatever the record holds, building the letter does not fail.
 * `signal` ends a call that would outlast the invocation (then: rejection).
 */
export interface DeadLetterSink {
  send(letter: DeadLetter, call: { readonly signal: AbortSignal }): Promise<void>;
}
