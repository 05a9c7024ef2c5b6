import {
  AttemptsExhaustedError,
  BusinessIdError,
  FingerprintMismatchError,
  RecordDecodingError,
  SchemaViolationError,
  UnknownOutcomeError,
  UnprocessableRecordError,
} from '../../core/errors/errors.ts';
import type { DeadLetterReason } from '../../ports/dead-letter-sink.ts';
import { withoutRejection } from './without-rejection.ts';

/** What decides whether a failed record is tried again. */
export interface GiveUpPolicy {
  /** Infinity where there is no dead-letter sink. */
  readonly maxAttempts: number;
  /** The user's own classification, beside `UnprocessableRecordError`. */
  readonly isNonRetryable: (error: unknown) => boolean;
}

/** Why a record that failed with this error is given up on; undefined: it is to be tried again. Never throws. */
export function giveUpReason(error: unknown, attempts: number, policy: GiveUpPolicy): DeadLetterReason | undefined {
  return nonRetryableReason(error, policy) ?? (attempts >= policy.maxAttempts ? 'attemptsExhausted' : undefined);
}

function nonRetryableReason(error: unknown, policy: GiveUpPolicy): DeadLetterReason | undefined {
  try {
    if (error instanceof UnprocessableRecordError) return reasonOf(error);
  } catch {
    // A proxy that does not let itself be looked at is none of our classes.
  }
  try {
    // Only a plain yes gives up on a record: a promise, as of an async function, is none.
    return withoutRejection(policy.isNonRetryable(error)) === true ? 'unprocessable' : undefined;
  } catch {
    // A classifier that fails has said nothing, and trying again loses nothing.
    return undefined;
  }
}

function reasonOf(error: UnprocessableRecordError): DeadLetterReason {
  if (error instanceof RecordDecodingError) return 'undecodable';
  if (error instanceof SchemaViolationError) return 'schemaViolation';
  if (error instanceof BusinessIdError) return 'businessIdRejected';
  if (error instanceof FingerprintMismatchError) return 'fingerprintMismatch';
  if (error instanceof UnknownOutcomeError) return 'unknownOutcome';
  if (error instanceof AttemptsExhaustedError) return 'attemptsExhausted';
  return 'unprocessable';
}

/** The class name of whatever was thrown, for logs and metrics; never its message, which may hold record contents. */
export function errorNameOf(error: unknown): string {
  try {
    return error instanceof Error && typeof error.name === 'string' ? error.name.slice(0, 100) : typeof error;
  } catch {
    return 'unknown';
  }
}
