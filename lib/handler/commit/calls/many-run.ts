import type { SharedParts } from '../../run/shared-parts.ts';
import type { Ready, Run } from './calls.ts';
import type { CallEnd } from './open-call.ts';
import type { Again, Started } from './started.ts';

/** Has a run handled in a call that it may share with others. */
export type JoinCall = (run: readonly Ready[], most: number) => Promise<CallEnd>;

/** A run of records that is handled by one call of `handleMany`. */
export class ManyRun implements Run {
  readonly #join: JoinCall;
  readonly #parts: SharedParts;
  readonly #members: Ready[] = [];
  #most: number = Number.POSITIVE_INFINITY;
  /** Of a record for which the user's function is not called. */
  #uncalled: Started | undefined;

  constructor(parts: SharedParts, join: JoinCall) {
    this.#parts = parts;
    this.#join = join;
  }

  get isOpen(): boolean {
    return this.#uncalled === undefined && this.#members.length < this.#most;
  }

  async add(ready: Ready, most: number): Promise<boolean> {
    const uncalled = await this.#whyUncalled(ready);
    const isFirst = this.#members.length === 0;
    if (!isFirst && (uncalled !== undefined || this.#members.length >= most)) return false;
    this.#uncalled = uncalled;
    if (uncalled !== undefined) return true;
    this.#members.push(ready);
    this.#most = Math.min(this.#most, most);
    return true;
  }

  async ended(): Promise<readonly (Started | Again)[]> {
    if (this.#uncalled !== undefined) return [this.#uncalled];
    const ended = await this.#join(this.#members, this.#most);
    return this.#members.map((ready) => ended.get(ready) ?? { kind: 'stopped' });
  }

  /** Undecodable records and those of held Kafka keys never reach the user's function. */
  async #whyUncalled({ prepared }: Ready): Promise<Started | undefined> {
    const { holds, terms } = this.#parts;
    const unread = await holds.look(prepared);
    if (unread !== undefined) return { kind: 'keyUnread', error: unread };
    if (holds.isHeld(prepared)) return { kind: 'keyHeld' };
    if ('record' in prepared.decoded) return undefined;
    return { kind: 'threw', error: prepared.decoded.fault, durationMs: 0, startedAtMs: terms.clock.nowMs() };
  }
}
