/**
 * Counts the units that may soon have something to commit, so that a group waits for company only while some may come.
 *
 * A unit is *inside* while it reads and handles, and *outside* while it waits for a commit, an owner or another record.
 */
export class Expectation {
  #inside = 0;
  #onNone: () => void = () => undefined;

  /** Called whenever nobody is left inside. */
  set onNone(callback: () => void) {
    this.#onNone = callback;
  }

  get isAny(): boolean {
    return this.#inside > 0;
  }

  enter(): void {
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
    if (this.#inside === 0) this.#onNone();
  }

  /** Waits for something that brings no commit. */
  async outside<T>(waiting: Promise<T>): Promise<T> {
    this.leave();
    try {
      return await waiting;
    } finally {
      this.enter();
    }
  }
}
