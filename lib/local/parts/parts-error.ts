/** A local part that cannot be found, fetched, started or reached; the message says what to do. */
export class PartsError extends Error {
  override readonly name = 'PartsError';
}
