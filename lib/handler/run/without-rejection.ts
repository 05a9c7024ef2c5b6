/**
 * The value as it is; should it be a promise where none belongs, its rejection is dealt with.
 *
 * A function of the user's that was made `async` by mistake would otherwise end the process by an unhandled rejection, and
 * each redelivery again.
 */
export function withoutRejection<T>(value: T): T {
  if (value instanceof Promise) value.catch(() => undefined);
  return value;
}
