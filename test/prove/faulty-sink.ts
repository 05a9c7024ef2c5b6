import type { DeadLetter, DeadLetterSink } from '../../lib/ports/dead-letter-sink.ts';
import type { Host } from './host.ts';
import type { Injector } from './injector.ts';
import type { World } from './world.ts';

/** A process's way to the dead-letter queue. */
export class FaultySink implements DeadLetterSink {
  readonly #world: World;
  readonly #host: Host;
  readonly #injector: Injector;

  constructor(world: World, host: Host, injector: Injector) {
    this.#world = world;
    this.#host = host;
    this.#injector = injector;
  }

  async send({ record, reason }: DeadLetter, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    let isGivenUp = false;
    await this.#injector.call<void>(this.#host, 'deadLetter', {
      carryOut: async () => {
        const isLate = isGivenUp || !this.#host.isAlive || this.#host.stoodStill(0, this.#world.nextEvent());
        this.#world.putAside(this.#world.recordAt(record), this.#host, reason, isLate);
      },
      failed: (why) => {
        isGivenUp = true;
        throw new Error(why);
      },
      signal,
    });
  }
}
