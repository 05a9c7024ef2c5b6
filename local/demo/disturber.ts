import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer } from './consumer.ts';
import type { Rig } from './rig.ts';
import type { UnconfirmedCharges } from './unconfirmed-charges.ts';

const quietEveryMs = 5;
const quietWithinMs = 15_000;

/**
 * Does harm to the consumer, and has it counted what may be repeated because of it.
 *
 * A window is measured while nothing runs: the gate is shut, no invocation is under way, and what the function had sent
 * to gateway and table has arrived.
 */
export class Disturber {
  readonly #rig: Rig;
  readonly #consumer: Consumer;
  readonly #unconfirmed: UnconfirmedCharges | undefined;
  #kills = 0;

  /** Without a store nothing is ever confirmed, and there are no windows to count. */
  constructor(rig: Rig, consumer: Consumer, unconfirmed: UnconfirmedCharges | undefined) {
    this.#rig = rig;
    this.#consumer = consumer;
    this.#unconfirmed = unconfirmed;
  }

  /** Kills that hit at least one invocation. */
  get kills(): number {
    return this.#kills;
  }

  /** Kills every process of the function; the answer tells whether an invocation was under way. */
  async kill(): Promise<boolean> {
    const { gate } = this.#consumer;
    const errorsBefore = gate.errors;
    gate.shut();
    this.#consumer.function.kill();
    await gate.idle();
    const hit = gate.errors > errorsBefore;
    if (hit) this.#kills += 1;
    await this.#quiet(() => this.#rig.proxy.connections === 0 && this.#rig.gateway.connections === 0);
    await this.#unconfirmed?.afterDisturbance();
    gate.open();
    return hit;
  }

  /** Cuts the way to DynamoDB, and lets the invocations that met it come to their end before new ones start. */
  async cut(durationMs: number): Promise<void> {
    const { gate } = this.#consumer;
    this.#rig.proxy.cut();
    await delay(durationMs);
    this.#rig.proxy.restore();
    gate.shut();
    await gate.idle();
    await this.#quiet(() => true);
    await this.#unconfirmed?.afterDisturbance();
    gate.open();
  }

  /** Waits until what was sent before is carried out, that of killed processes too. */
  async #quiet(isGone: () => boolean): Promise<void> {
    const startedAtMs = performance.now();
    while (this.#rig.proxy.unanswered > 0 || !isGone()) {
      if (performance.now() - startedAtMs > quietWithinMs) throw new Error('the connections of the function stay busy');
      await delay(quietEveryMs);
    }
  }
}
