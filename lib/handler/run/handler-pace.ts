const weightOfNew = 0.2;

/** How long a record takes, as a moving mean; it decides how far ahead claims are made. */
export class HandlerPace {
  #meanMs: number | undefined;

  get meanMs(): number | undefined {
    return this.#meanMs;
  }

  note(durationMs: number): void {
    const taken = Math.max(0, durationMs);
    this.#meanMs = this.#meanMs === undefined ? taken : this.#meanMs * (1 - weightOfNew) + taken * weightOfNew;
  }
}
