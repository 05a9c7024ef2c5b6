import type { Cancel, Clock } from '../ports/clock.ts';

/** Turns of the event loop that are granted to pending promises after each timer. */
const settlingTurns = 5;
/** Milliseconds of real time that are granted when no timer is left, before a promise is called stuck. */
const loadingTurns = 2_000;

interface Timer {
  readonly dueAtMs: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until it is told to move.
 *
 * Timers follow elapsed time, as those of a machine do: `setNowMs` moves the wall clock, forwards or backwards, and
 * fires nothing; `advance` moves both.
 */
export class FakeClock implements Clock {
  #nowMs: number;
  #elapsedMs = 0;
  readonly #timers = new Set<Timer>();

  /** Starts at `nowMs`, epoch milliseconds; 2026-01-01T00:00:00Z unless given. */
  constructor(nowMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Sets the wall clock without any time passing, as a correction by NTP does. */
  setNowMs(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  schedule(delayMs: number, callback: () => void): Cancel {
    const timer: Timer = { dueAtMs: this.#elapsedMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** How many timers are waiting: 0 when nothing has leaked. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due; undefined if there is none. */
  get nextTimerInMs(): number | undefined {
    const next = this.#next();
    return next && next.dueAtMs - this.#elapsedMs;
  }

  /**
   * Lets `ms` milliseconds pass. Timers that fall due, those set meanwhile included, run in order of their time (then of
   * their setting), each at its own time, and pending promises settle before the first and after each of them.
   * An error thrown by a callback rejects the call.
   */
  async advance(ms: number): Promise<void> {
    await this.settle();
    const untilMs = this.#elapsedMs + ms;
    for (let timer = this.#next(); timer !== undefined && timer.dueAtMs <= untilMs; timer = this.#next()) {
      this.#moveTo(timer.dueAtMs);
      this.#timers.delete(timer);
      timer.callback();
      await this.settle();
    }
    this.#moveTo(untilMs);
  }

  /**
   * Lets time pass from timer to timer until `promise` settles, and answers as it does.
   *
   * Throws an `Error` if it is still pending when no timer is left or after `limitMs` (an hour).
   */
  async runUntilSettled<T>(promise: Promise<T>, limitMs: number = 3_600_000): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    const endMs = this.#elapsedMs + limitMs;
    for (;;) {
      await this.settle();
      if (settled) {
        return promise;
      }
      if (this.nextTimerInMs === undefined) {
        // What happens outside of this clock takes real time: the code of a mode is loaded when it is first used.
        for (let turn = 0; turn < loadingTurns && !settled && this.nextTimerInMs === undefined; turn += 1) {
          await new Promise<void>((resolve) => setTimeout(resolve, 1));
        }
        if (settled) continue;
      }
      const inMs = this.nextTimerInMs;
      if (inMs === undefined || this.#elapsedMs + inMs > endMs) {
        throw new Error(
          `FakeClock: the promise is still pending ${inMs === undefined ? 'and no timer is left' : `after ${limitMs} ms`}.`,
        );
      }
      await this.advance(inMs);
    }
  }

  /** Lets pending promises go on as far as they can without any time passing. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < settlingTurns; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.dueAtMs < next.dueAtMs) {
        next = timer;
      }
    }
    return next;
  }

  #moveTo(elapsedMs: number): void {
    const stepMs = Math.max(0, elapsedMs - this.#elapsedMs);
    this.#elapsedMs += stepMs;
    this.#nowMs += stepMs;
  }
}
