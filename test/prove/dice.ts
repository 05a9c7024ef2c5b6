import { SeededRandomness } from '../../lib/testing/seeded-randomness.ts';

/** The chance of one schedule: the same for the same seed and index, whatever ran before. */
export class Dice {
  readonly #random: SeededRandomness;

  constructor(seed: number, index: number) {
    this.#random = new SeededRandomness(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    // Neighbouring seeds begin alike.
    this.#random.fraction();
  }

  fraction(): number {
    return this.#random.fraction();
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random.fraction() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.#random.fraction() < probability;
  }

  pick<const T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.#random.fraction() * choices.length)] ?? choices[0];
  }

  /** Picks by weight. */
  weigh<T>(choices: readonly [readonly [number, T], ...(readonly [number, T])[]]): T {
    let left = this.#random.fraction() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return choices[0][1];
  }
}
