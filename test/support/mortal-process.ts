import type { Cancel, Clock } from '../../lib/ports/clock.ts';
import type { TransactionalStore } from '../../lib/ports/commit-store.ts';
import type { IdempotencyStore } from '../../lib/ports/idempotency-store.ts';

const never = new Promise<never>(() => undefined);

/**
 * A process that can be killed or frozen.
 *
 * Killed, its timers do not fire, its calls are not sent and what it waits for never comes. Frozen, all of that waits
 * until it is thawed. What it had sent before has its effect.
 */
export class MortalProcess {
  #isAlive = true;
  #thawed: Promise<void> | undefined;
  #thaw: () => void = () => undefined;
  readonly clock: Clock;
  readonly store: IdempotencyStore;

  constructor(clock: Clock, store: IdempotencyStore) {
    this.clock = {
      nowMs: () => clock.nowMs(),
      schedule: (delayMs, callback): Cancel => {
        if (!this.#isAlive) return () => undefined;
        return clock.schedule(delayMs, () => {
          if (this.#thawed === undefined) this.#run(callback);
          else void this.#thawed.then(() => this.#run(callback));
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

  freeze(): void {
    if (this.#thawed !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#thawed = promise;
    this.#thaw = resolve;
  }

  thaw(): void {
    this.#thawed = undefined;
    this.#thaw();
  }

  #run(callback: () => void): void {
    if (this.#isAlive) callback();
  }

  /** The store as its process reaches it, for the modes without claims. */
  reaching(store: TransactionalStore): TransactionalStore {
    return {
      ...this.store,
      commit: (commit, call) => this.#call(() => store.commit(commit, call)),
      setMarks: (marks, call) => this.#call(() => store.setMarks(marks, call)),
      readPositions: (keys, call) => this.#call(() => store.readPositions(keys, call)),
    };
  }

  /** Runs nothing in a dead process, and lets nothing out of one. */
  async #call<T>(call: () => Promise<T>): Promise<T> {
    await this.#thawed;
    if (!this.#isAlive) return await never;
    const answer = await call();
    await this.#thawed;
    return this.#isAlive ? answer : await never;
  }
}
