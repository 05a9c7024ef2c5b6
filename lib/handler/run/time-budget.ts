import { TimeBudgetError } from '../../core/errors/errors.ts';
import { type BudgetPlan, planBudget } from '../../core/time/budget.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';

/** The time budget of one invocation, as signals. */
export class TimeBudget {
  readonly plan: BudgetPlan;
  readonly startedAtMs: number;
  readonly #clock: Clock;
  readonly #cancels: Cancel[] = [];
  /** Resolves when nothing can be waited for any more. */
  readonly hardStop: Promise<'hardStop'>;
  /** Resolves when nothing more may be started. */
  readonly noMoreStarts: Promise<'noMoreStarts'>;
  readonly #starting = new AbortController();
  readonly #handling = new AbortController();
  readonly #sending = new AbortController();
  readonly #answering = new AbortController();

  constructor(clock: Clock, remainingMs: number | undefined) {
    this.#clock = clock;
    this.startedAtMs = clock.nowMs();
    this.plan = planBudget(this.startedAtMs, remainingMs);
    this.hardStop = whenAborted(this.#answering.signal, 'hardStop');
    this.noMoreStarts = whenAborted(this.#starting.signal, 'noMoreStarts');
    this.#abortAt(this.plan.startByMs, this.#starting, 'no time is left to start another record');
    this.#abortAt(this.plan.abortAtMs, this.#handling, 'the invocation is about to run out of time');
    this.#abortAt(this.plan.sendByMs, this.#sending, 'no time is left to wait for a dead letter');
    this.#abortAt(this.plan.hardStopAtMs, this.#answering, 'the invocation has to answer now');
  }

  /** Aborted when nothing more may be started. */
  get starting(): AbortSignal {
    return this.#starting.signal;
  }

  /** Aborted when running handlers have to stop. */
  get handling(): AbortSignal {
    return this.#handling.signal;
  }

  /** Aborted when no dead letter can be waited for any more. */
  get sending(): AbortSignal {
    return this.#sending.signal;
  }

  /** Aborted when nothing can be waited for any more. */
  get answering(): AbortSignal {
    return this.#answering.signal;
  }

  /** Also false when the clock has passed the moment and the timer has not run yet. */
  mayStart(): boolean {
    return !this.#starting.signal.aborted && this.#clock.nowMs() < this.plan.startByMs;
  }

  /** Infinity where there is no deadline. */
  untilNoMoreStartsMs(): number {
    return Math.max(0, this.plan.startByMs - this.#clock.nowMs());
  }

  /** Whether something begun at `startedAtMs` had at least half of the invocation's time. */
  hadMostOfTheTime(startedAtMs: number): boolean {
    return startedAtMs - this.startedAtMs <= (this.plan.deadlineMs - this.startedAtMs) / 2;
  }

  /** Ends the timers; the signals stay as they are. */
  dispose(): void {
    for (const cancel of this.#cancels) cancel();
  }

  #abortAt(atMs: number, controller: AbortController, why: string): void {
    if (atMs === Number.POSITIVE_INFINITY) return;
    const abort = (): void => controller.abort(new TimeBudgetError(why));
    const delayMs = atMs - this.startedAtMs;
    if (delayMs <= 0) abort();
    else this.#cancels.push(this.#clock.schedule(delayMs, abort));
  }
}

/** One promise for all who wait: a listener each would pile up over thousands of records. */
function whenAborted<Name extends string>(signal: AbortSignal, name: Name): Promise<Name> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(name), { once: true }));
}
