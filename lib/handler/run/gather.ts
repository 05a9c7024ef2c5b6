import type { Cancel, Clock } from '../../ports/clock.ts';
import { deferred } from './deferred.ts';

export interface GatherOptions<Item, Result> {
  readonly clock: Clock;
  /** Sent as soon as this many wait. */
  readonly size: number;
  /** Sent at the latest this long after the first began to wait. */
  readonly delayMs: number;
  /** Answers one result for each item, in order; must not reject. */
  readonly send: (items: readonly Item[]) => Promise<readonly Result[]>;
}

/** Gathers single items into batches; each caller gets the result of its own item. */
export class Gather<Item, Result> {
  readonly #options: GatherOptions<Item, Result>;
  #waiting: { readonly item: Item; readonly resolve: (result: Result) => void }[] = [];
  #cancel: Cancel | undefined;

  constructor(options: GatherOptions<Item, Result>) {
    this.#options = options;
  }

  add(item: Item): Promise<Result> {
    const { promise, resolve } = deferred<Result>();
    this.#waiting.push({ item, resolve });
    if (this.#waiting.length >= this.#options.size) this.flush();
    else this.#cancel ??= this.#options.clock.schedule(this.#options.delayMs, () => this.flush());
    return promise;
  }

  /** Sends what waits, now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    void this.#send(batch);
  }

  async #send(batch: { readonly item: Item; readonly resolve: (result: Result) => void }[]): Promise<void> {
    const results = await this.#options.send(batch.map((waiting) => waiting.item));
    batch.forEach((waiting, index) => {
      const result = results[index];
      if (result === undefined) throw new Error('a gathered batch was answered with too few results');
      waiting.resolve(result);
    });
  }
}
