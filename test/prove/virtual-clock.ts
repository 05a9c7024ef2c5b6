import type { Cancel } from '../../lib/ports/clock.ts';

interface Timer {
  readonly dueAtMs: number;
  readonly callback: () => void;
}

/**
 * The time of one schedule, moved from timer to timer as fast as promises settle.
 *
 * One turn of the event loop a timer is enough, because nothing here waits for more than promises; real input and output
 * is made known by `during`, and time stands still for it.
 */
export class VirtualClock {
  nowMs: number;
  readonly #timers = new Set<Timer>();
  #pendingIo = 0;
  #ioEnded: () => void = () => undefined;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  schedule(delayMs: number, callback: () => void): Cancel {
    const timer: Timer = { dueAtMs: this.nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.schedule(ms, resolve));
  }

  /** Real input or output, during which no time passes. */
  async during<T>(io: Promise<T>): Promise<T> {
    this.#pendingIo += 1;
    try {
      return await io;
    } finally {
      this.#pendingIo -= 1;
      this.#ioEnded();
    }
  }

  /** Lets time pass until the work has settled; an `Error` if nothing is left that could go on with it. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    work.then(settle, settle);
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (settled) return await work;
      if (this.#pendingIo > 0) {
        await new Promise<void>((resolve) => {
          this.#ioEnded = resolve;
        });
        continue;
      }
      const timer = this.#next();
      if (timer === undefined) throw new Error('the schedule is not over and no timer is left');
      this.#timers.delete(timer);
      this.nowMs = Math.max(this.nowMs, timer.dueAtMs);
      timer.callback();
    }
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.dueAtMs < next.dueAtMs) next = timer;
    return next;
  }
}
