import { deferred } from '../../run/deferred.ts';
import type { Ready } from './calls.ts';
import type { Again, Started } from './started.ts';

/** How each record of a call ended. */
export type CallEnd = ReadonlyMap<Ready, Started | Again>;

/** A call for many records that still takes some. */
export class OpenCall {
  readonly members: Ready[] = [];
  readonly #ended = deferred<CallEnd>();
  #most: number = Number.POSITIVE_INFINITY;
  /** On its way, although it takes records while it waits for its turn. */
  isSent = false;

  get ended(): Promise<CallEnd> {
    return this.#ended.promise;
  }

  get isFull(): boolean {
    return this.members.length >= this.#most;
  }

  /** Whether so many, which go with `most` at most, may join. */
  takes(count: number, most: number): boolean {
    return this.members.length + count <= Math.min(this.#most, most);
  }

  add(run: readonly Ready[], most: number): void {
    this.members.push(...run);
    this.#most = Math.min(this.#most, most);
  }

  end(ended: CallEnd): void {
    this.#ended.resolve(ended);
  }
}
