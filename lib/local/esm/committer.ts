import type { Clock } from '../../ports/clock.ts';
import type { RetryDelay } from './retry-delay.ts';
import type { Signal } from './signal.ts';

/** What a committer needs. */
export interface CommitterOptions {
  readonly commit: (offsets: ReadonlyMap<number, number>) => Promise<void>;
  readonly clock: Clock;
  readonly retryDelayMs: RetryDelay;
  readonly stopping: Signal;
  readonly isStopping: () => boolean;
  readonly onCommitted: (offsets: ReadonlyMap<number, number>) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Commits offsets, one request at a time; what comes while one is under way shares the next.
 *
 * A failed commit is tried again, with what has come meanwhile, until it succeeds. While the mapping stops it is tried
 * once more and then given up, which costs redeliveries and loses nothing.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #pending = new Map<number, number>();
  #running: Promise<void> | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Resolves when the offset is committed or given up. */
  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    for (const [partition, offset] of offsets) {
      this.#pending.set(partition, offset);
    }
    while (offsets.size > 0) {
      this.#running ??= this.#flush().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
      if (![...offsets].some(([partition, offset]) => this.#pending.get(partition) === offset)) {
        return;
      }
    }
  }

  /** Forgets the offsets of a partition that went to another member. */
  forget(partition: number): void {
    this.#pending.delete(partition);
  }

  async #flush(): Promise<void> {
    const { clock, isStopping, stopping, retryDelayMs } = this.#options;
    for (let failures = 0; this.#pending.size > 0; failures += 1) {
      const offsets = new Map(this.#pending);
      const lastTry = isStopping();
      try {
        await this.#options.commit(offsets);
        this.#settle(offsets);
        this.#options.onCommitted(offsets);
        return;
      } catch (error) {
        this.#options.onTrouble(error);
        if (lastTry) {
          this.#pending.clear();
          return;
        }
        await stopping.wait(clock, stopping.raised, clock.nowMs() + retryDelayMs(failures));
      }
    }
  }

  #settle(offsets: ReadonlyMap<number, number>): void {
    for (const [partition, offset] of offsets) {
      if (this.#pending.get(partition) === offset) {
        this.#pending.delete(partition);
      }
    }
  }
}
