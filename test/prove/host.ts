import type { Cancel, Clock } from '../../lib/ports/clock.ts';
import type { Schedule } from './schedule.ts';
import type { World } from './world.ts';

const never = new Promise<never>(() => undefined);

/** A time in which a process stood still, in the order of events; `to` is undefined while it does. */
interface Stall {
  readonly from: number;
  to: number | undefined;
}

/**
 * The process of an execution environment, with a clock of its own, which can be killed or frozen.
 *
 * Killed, its timers do not fire, its calls are not sent and their answers never arrive. Frozen, all of that waits.
 */
export class Host {
  readonly id: number;
  readonly clock: Clock;
  /** Resolves when it is killed. */
  readonly died: Promise<'died'>;
  /** Invocations in it that have not ended. */
  busy = 0;
  readonly schedule: Schedule;
  readonly #world: World;
  readonly #cancels = new Set<Cancel>();
  readonly #stalls: Stall[] = [];
  #killedAt: number | undefined;
  #thawed: Promise<void> | undefined;
  #die: (value: 'died') => void = () => undefined;

  constructor(world: World, id: number, skewMs: number) {
    this.#world = world;
    this.schedule = world.schedule;
    this.id = id;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
    this.clock = {
      nowMs: () => world.clock.nowMs + skewMs,
      schedule: (delayMs, callback) => this.#schedule(delayMs, callback),
    };
  }

  get isAlive(): boolean {
    return this.#killedAt === undefined;
  }

  get isFrozen(): boolean {
    return this.#thawed !== undefined;
  }

  /** When it was killed, in the order of events. */
  get killedAt(): number | undefined {
    return this.#killedAt;
  }

  get isRunning(): boolean {
    return this.#killedAt === undefined && this.#thawed === undefined;
  }

  /** Resolves when it runs (again); never if it is dead. */
  async resumed(): Promise<void> {
    while (this.#thawed !== undefined && this.isAlive) await this.#thawed;
    if (!this.isAlive) await never;
  }

  kill(): void {
    if (!this.isAlive) return;
    this.#killedAt = this.#world.nextEvent();
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#die('died');
  }

  /** Stands still for so long; the machine it runs on, and all others, go on. */
  freeze(forMs: number): void {
    if (!this.isRunning) return;
    const stall: Stall = { from: this.#world.nextEvent(), to: undefined };
    this.#stalls.push(stall);
    this.#thawed = new Promise((resolve) => {
      this.#world.clock.schedule(forMs, () => {
        stall.to = this.#world.nextEvent();
        this.#thawed = undefined;
        resolve();
      });
    });
  }

  /** Whether it stood still at some time between two events. */
  stoodStill(from: number, to: number): boolean {
    return this.#stalls.some((stall) => stall.from < to && (stall.to ?? Number.POSITIVE_INFINITY) > from);
  }

  #schedule(delayMs: number, callback: () => void): Cancel {
    if (!this.isAlive) return () => undefined;
    let isCancelled = false;
    const run = (): void => {
      if (this.isAlive && !isCancelled) callback();
    };
    const stop = this.#world.clock.schedule(delayMs, () => {
      this.#cancels.delete(stop);
      if (this.#thawed === undefined) run();
      else void this.#thawed.then(run);
    });
    this.#cancels.add(stop);
    return () => {
      isCancelled = true;
      this.#cancels.delete(stop);
      stop();
    };
  }
}
