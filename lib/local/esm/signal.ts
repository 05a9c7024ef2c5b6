import type { Clock } from '../../ports/clock.ts';

/** Wakes loops that wait for something to change. */
export class Signal {
  #raised = 0;
  #waiting = new Set<() => void>();

  /** How often it was raised. Read it before looking at what may change, and hand it to `wait`, to miss nothing between. */
  get raised(): number {
    return this.#raised;
  }

  /** Ends every wait of this moment. */
  raise(): void {
    this.#raised += 1;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) {
      wake();
    }
  }

  /** Resolves when it is raised, at once if it was since `seen`; or at `untilMs` of the clock if given and earlier. */
  wait(clock: Clock, seen: number, untilMs?: number): Promise<void> {
    if (seen !== this.#raised) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      let cancel = (): void => {};
      const wake = (): void => {
        cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      if (untilMs !== undefined) {
        cancel = clock.schedule(untilMs - clock.nowMs(), wake);
      }
    });
  }
}
