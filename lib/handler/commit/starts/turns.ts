/**
 * Takes turns between what runs beside others and what runs alone.
 *
 * While something waits to run alone nobody new is let in; after it those who waited meanwhile are. So neither starves.
 */
export class Turns {
  #inside = 0;
  #isAlone = false;
  /** Whoever ran last ran alone: it is the others' turn. */
  #wasAlone = false;
  readonly #alone: (() => void)[] = [];
  readonly #others: (() => void)[] = [];

  async enter(): Promise<void> {
    const turn = new Promise<void>((resolve) => this.#others.push(resolve));
    this.#next();
    await turn;
  }

  leave(): void {
    this.#inside -= 1;
    this.#next();
  }

  /** To be called from outside. */
  async alone<T>(task: () => Promise<T>): Promise<T> {
    const turn = new Promise<void>((resolve) => this.#alone.push(resolve));
    this.#next();
    await turn;
    try {
      return await task();
    } finally {
      this.#isAlone = false;
      this.#wasAlone = true;
      this.#next();
    }
  }

  #next(): void {
    if (this.#isAlone) return;
    if (this.#alone.length === 0 || (this.#wasAlone && this.#others.length > 0)) {
      if (this.#others.length > 0) this.#wasAlone = false;
      for (const letIn of this.#others.splice(0)) {
        this.#inside += 1;
        letIn();
      }
    }
    if (this.#inside > 0) return;
    const start = this.#alone.shift();
    if (start === undefined) return;
    this.#isAlone = true;
    start();
  }
}
