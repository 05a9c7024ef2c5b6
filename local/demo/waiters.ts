/** Those who wait for something to happen, told all at once. */
export class Waiters {
  readonly #waiting = new Set<() => void>();

  /** Resolves at the next `wake`. */
  async next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    await promise;
  }

  wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
