/** Options of an error that has a cause. */
export interface CauseOptions {
  readonly cause?: unknown;
}

/** The invocation's payload is no Kafka event; thrown before anything is handled, so Lambda retries all of it. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/** The handler was made with an option that is unknown, mistyped, out of range or contradicts another. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** The property that is wrong, as a path: `store.tableName`. */
  readonly property: string;

  /** `place`: where the property stands, if not said by it; the message has it in front, in brackets. */
  constructor(property: string, message: string, options?: CauseOptions & { readonly place?: string }) {
    super(`${options?.place === undefined ? '' : `[${options.place}] `}${property}: ${message}`, options);
    this.property = property;
  }
}

/**
 * Thrown by a handler to say that trying this record again is useless.
 *
 * The record goes to the dead letters at once; without a dead-letter sink it is `failed` and Lambda retries it.
 * The message is kept in the dead letter (bounded), never in logs.
 */
export class UnprocessableRecordError extends Error {
  override readonly name: string = 'UnprocessableRecordError';
}

/** The bytes of a record cannot be decoded: base64, header bytes, text encoding or JSON. Not retryable. */
export class RecordDecodingError extends UnprocessableRecordError {
  override readonly name = 'RecordDecodingError';
}

/** A decoded value or key does not satisfy its schema. Not retryable. */
export class SchemaViolationError extends UnprocessableRecordError {
  override readonly name = 'SchemaViolationError';
}

/** No usable idempotency key could be made: a business ID is missing (under `'reject'`) or not representable. Not retryable. */
export class BusinessIdError extends UnprocessableRecordError {
  override readonly name = 'BusinessIdError';
}

/** The same business ID came with another payload than the one whose effect is marked. Not retryable. */
export class FingerprintMismatchError extends UnprocessableRecordError {
  override readonly name = 'FingerprintMismatchError';
}

/** The lease of a claim ran out with no sign of what became of its effect. Used under `onUnknownOutcome: 'deadLetter'`. */
export class UnknownOutcomeError extends UnprocessableRecordError {
  override readonly name = 'UnknownOutcomeError';
}

/** Every attempt that `maxAttempts` allows was used up without the process living to say why. */
export class AttemptsExhaustedError extends UnprocessableRecordError {
  override readonly name = 'AttemptsExhaustedError';
}

/** An earlier record of the same Kafka key is a dead letter. Used under `afterDeadLetter: 'holdKey'`. */
export class KeyHeldError extends UnprocessableRecordError {
  override readonly name = 'KeyHeldError';
}

/** In `position` mode a record cannot be told from a redelivery, or its batch is not in order. It fails until a person acts. */
export class PositionError extends Error {
  override readonly name = 'PositionError';
}

/** Reason of an `AbortSignal` whose owner could not keep its lease. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Reason of an `AbortSignal` raised because the invocation is about to run out of time. */
export class TimeBudgetError extends Error {
  override readonly name = 'TimeBudgetError';
}

/** Thrown by the wrapped handler when records are not done and the failure is reported by throwing. */
export class UndoneRecordsError extends Error {
  override readonly name = 'UndoneRecordsError';
  /** No property, because the runtime of Lambda logs each enumerable one of an error, and these can be 10,000 names. */
  readonly #undone: readonly string[];

  constructor(message: string, undone: readonly string[]) {
    super(message);
    this.#undone = undone;
  }

  /** `<topic>-<partition>@<offset>` of each record that is not done, in the order of the event. */
  get undone(): readonly string[] {
    return this.#undone;
  }
}
