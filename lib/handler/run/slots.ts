/** Bounds how many things run at a time; waiters are served in order. */
export class Slots {
  readonly #size: number;
  #taken = 0;
  readonly #waiters: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  async take(): Promise<void> {
    if (this.#taken < this.#size) {
      this.#taken += 1;
      return;
    }
    // The one who gives a slot back hands it over without freeing it.
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  giveBack(): void {
    const next = this.#waiters.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
