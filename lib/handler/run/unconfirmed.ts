/** Completions of a unit that are on their way. */
export class Unconfirmed {
  readonly #pending = new Set<Promise<void>>();

  get size(): number {
    return this.#pending.size;
  }

  add(confirmation: Promise<void>): void {
    const tracked = confirmation.finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  /** Waits until no more than `count` are pending. */
  async atMost(count: number): Promise<void> {
    while (this.#pending.size > count) await Promise.race(this.#pending);
  }
}
