/**
 * A dead letter could not be stored, or it is not certain that it was; its record is `failed` and will be delivered
 * again. The message names the record by its coordinates and the cause, never the contents.
 */
export class DeadLetterNotStoredError extends Error {
  override readonly name = 'DeadLetterNotStoredError';
}

/** A text is no dead letter, or one of a version that this release does not know. */
export class DeadLetterFormatError extends Error {
  override readonly name = 'DeadLetterFormatError';
}
