import type { Site } from './cells.ts';
import type { Host } from './host.ts';
import type { PlannedFault } from './schedule.ts';
import type { World } from './world.ts';

/** A call that a fault may strike. */
export interface Call<T> {
  /** Does what is asked for and answers; may be asked for more than once. */
  carryOut(): Promise<T>;
  /** What the caller is told when the call failed; may throw. */
  failed(why: string): T;
  /** Carries out a part of it and says that the rest was throttled; undefined: it has no parts. */
  throttlePartly?(): Promise<T>;
  /** What the caller is told of a conflict. */
  conflicted?(): T;
  /** Told that a fault strikes it. */
  struck?(): void;
  /** Ends a call that is never answered; undefined: nothing does. */
  readonly signal: AbortSignal | undefined;
}

const never = new Promise<never>(() => undefined);

/** Lets every call of every process through, except those that the schedule has a fault for. */
export class Injector {
  readonly #world: World;
  readonly #sites: ReadonlySet<Site>;
  readonly #waiting: Set<PlannedFault>;
  readonly #calls = new Map<Site, number>();

  /** Throws for a call of a site that is none of these: its faults would never be drawn. */
  constructor(world: World, sites: readonly Site[]) {
    this.#world = world;
    this.#sites = new Set(sites);
    this.#waiting = new Set(world.schedule.faults);
  }

  /** From now on nothing goes wrong. */
  disarm(): void {
    this.#waiting.clear();
  }

  async call<T>(host: Host, site: Site, call: Call<T>): Promise<T> {
    if (!this.#sites.has(site)) this.#world.harnessFailed(`${site} is called and is none of the system's sites`);
    if (!host.isRunning) await host.resumed();
    const fault = this.#waiting.size === 0 ? undefined : this.#next(site);
    if (fault === undefined) {
      if (site !== 'effect') await this.#travel(host);
      const answer = await call.carryOut();
      if (!host.isRunning) await host.resumed();
      return answer;
    }
    this.#world.hits.push(fault.cell);
    call.struck?.();
    return await this.#strike(host, call, fault);
  }

  async #travel(host: Host): Promise<void> {
    const { latencyMs, arrivesAfterDeath } = this.#world.schedule.settings;
    if (latencyMs > 0) await this.#world.clock.pass(latencyMs);
    if (!host.isAlive && !arrivesAfterDeath) await never;
  }

  #next(site: Site): PlannedFault | undefined {
    const calls = (this.#calls.get(site) ?? 0) + 1;
    this.#calls.set(site, calls);
    for (const fault of this.#waiting) {
      if (fault.cell.site !== site || fault.atCall !== calls) continue;
      this.#waiting.delete(fault);
      return fault;
    }
    return undefined;
  }

  async #strike<T>(host: Host, call: Call<T>, fault: PlannedFault): Promise<T> {
    switch (fault.cell.fault) {
      case 'cutBefore':
        return call.failed('the connection was lost');
      case 'cutAfter': {
        await carriedOutUnseen(call);
        return fault.sentAgain ? await call.carryOut() : call.failed('the connection was lost');
      }
      case 'throttled':
        return fault.partly && call.throttlePartly ? await call.throttlePartly() : call.failed('throttled');
      case 'conflict':
        return call.conflicted?.() ?? call.failed('conflict');
      case 'timeOut':
        return await this.#timeOut(host, call, fault);
      case 'killedBefore':
        host.kill();
        return await never;
      case 'killedAfter':
        await carriedOutUnseen(call);
        host.kill();
        return await never;
      case 'frozenBefore': {
        host.freeze(fault.frozenMs);
        await host.resumed();
        const answer = await call.carryOut();
        if (!host.isRunning) await host.resumed();
        return answer;
      }
      case 'frozenAfter': {
        const answer = await call.carryOut();
        host.freeze(fault.frozenMs);
        await host.resumed();
        return answer;
      }
    }
  }

  async #timeOut<T>(host: Host, call: Call<T>, { carriedOut, lateMs }: PlannedFault): Promise<T> {
    if (carriedOut === 'atOnce') await carriedOutUnseen(call);
    // It is on its way: whatever becomes of its sender, it arrives.
    if (carriedOut === 'late') this.#world.clock.schedule(lateMs, () => void carriedOutUnseen(call));
    await aborted(call.signal);
    if (!host.isRunning) await host.resumed();
    return call.failed('timed out');
  }
}

/** Carried out, or refused, with nobody there to see which. */
async function carriedOutUnseen(call: Call<unknown>): Promise<void> {
  await call.carryOut().catch(() => undefined);
}

async function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await never;
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
