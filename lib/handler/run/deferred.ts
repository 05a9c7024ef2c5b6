/** A promise with its resolver outside; it never rejects. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export function deferred<T>(): Deferred<T> {
  return Promise.withResolvers<T>();
}
