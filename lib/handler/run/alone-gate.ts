/**
 * Lets one suspect run alone: while nothing else of its invocation is running or claimed.
 *
 * Ordering units are *inside* while they claim or handle, and *outside* while they wait for something. `alone` waits until
 * nobody is inside, keeps the others out, and runs one task at a time.
 */
export class AloneGate {
  #inside = 0;
  #aloneRunning = false;
  readonly #aloneQueue: (() => void)[] = [];
  readonly #entryQueue: (() => void)[] = [];

  async enter(): Promise<void> {
    if (this.#aloneRunning) await new Promise<void>((resolve) => this.#entryQueue.push(resolve));
    else this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
    this.#next();
  }

  /** To be called from outside. */
  async alone<T>(task: () => Promise<T>): Promise<T> {
    const turn = new Promise<void>((resolve) => this.#aloneQueue.push(resolve));
    this.#next();
    await turn;
    try {
      return await task();
    } finally {
      this.#aloneRunning = false;
      this.#next();
    }
  }

  #next(): void {
    if (this.#aloneRunning) return;
    // Whoever waited to get in goes first: suspects come last.
    for (const letIn of this.#entryQueue.splice(0)) {
      this.#inside += 1;
      letIn();
    }
    if (this.#inside > 0) return;
    const start = this.#aloneQueue.shift();
    if (start === undefined) return;
    this.#aloneRunning = true;
    start();
  }
}
