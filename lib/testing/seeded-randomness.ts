import type { Randomness } from '../ports/randomness.ts';

/**
 * Chance that repeats itself: two instances with one seed answer alike.
 *
 * Instances that write to one store need seeds of their own, or their unique IDs would not be.
 */
export class SeededRandomness implements Randomness {
  readonly #seed: number;
  #state: number;
  #issued = 0;

  /** `seed`: an integer; its lower 32 bits count. */
  constructor(seed: number = 1) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  uniqueId(): string {
    this.#issued += 1;
    return `seed${this.#seed}-${this.#issued}`;
  }

  /** The mulberry32 generator (public domain, Tommy Ettinger). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
