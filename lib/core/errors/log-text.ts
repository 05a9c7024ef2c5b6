/** A symbol, which no error of a user has by chance: its text may hold what is in a record. */
const logText = Symbol('logText');

/** Keeps with an error of ours what logs may say of it: where it is and why, and nothing of a record's contents. */
export function sayInLogs(error: Error, text: string): void {
  Object.defineProperty(error, logText, { value: text });
}

/** What logs may say of an error; undefined if it does not say. */
export function logTextOf(error: Error): string | undefined {
  const text: unknown = Reflect.get(error, logText);
  return typeof text === 'string' ? text : undefined;
}
