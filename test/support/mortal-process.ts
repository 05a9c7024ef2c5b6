import type { Cancel, Clock } from '../../lib/ports/clock.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';

const never = new Promise<never>(() => undefined);

/**
 * A process that can be killed: from then on its timers do not fire, its calls are not sent and what it waits for never
 * comes. What it had sent before has its effect.
 */
export class MortalProcess {
  #isAlive = true;
  readonly clock: Clock;
  readonly store: IdempotencyStore;

  constructor(clock: Clock, store: IdempotencyStore) {
    this.clock = {
      nowMs: () => clock.nowMs(),
      schedule: (delayMs, callback): Cancel => {
        if (!this.#isAlive) return () => undefined;
        return clock.schedule(delayMs, () => {
          if (this.#isAlive) callback();
        });
      },
    };
    this.store = {
      insert: (claims, call) => this.#call(() => store.insert(claims, call)),
      takeOver: (claims, call) => this.#call(() => store.takeOver(claims, call)),
      renew: (renewals, call) => this.#call(() => store.renew(renewals, call)),
      complete: (completions, call) => this.#call(() => store.complete(completions, call)),
      release: (releases, call) => this.#call(() => store.release(releases, call)),
      read: (keys, call) => this.#call(() => store.read(keys, call)),
      markCompleted: (markers, call) => this.#call(() => store.markCompleted(markers, call)),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    this.#isAlive = false;
  }

  /** Runs nothing in a dead process, and lets nothing out of one. */
  async #call<T>(call: () => Promise<T>): Promise<T> {
    if (!this.#isAlive) return await never;
    const answer = await call();
    return this.#isAlive ? answer : await never;
  }
}
