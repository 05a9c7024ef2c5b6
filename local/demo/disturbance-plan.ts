import type { Randomness } from '../../lib/ports/randomness.ts';

/** Something that goes wrong once so much of the work is done (orders, or requests), and a moment later. */
export interface Disturbance {
  readonly kind: 'kill' | 'cut';
  readonly after: number;
  readonly delayMs: number;
}

const first = 0.06;
const last = 0.8;
const longestDelayMs = 30;

/**
 * Spreads the kills, and one cut in their middle, at random over the work: each at a random place of a stretch of its
 * own, so that the function has work under way at all of them.
 */
export function disturbancePlan(
  work: number,
  kills: number,
  withCut: boolean,
  randomness: Pick<Randomness, 'fraction'>,
): readonly Disturbance[] {
  const kinds = Array<Disturbance['kind']>(kills).fill('kill');
  if (withCut) kinds.splice(Math.floor(kills / 2), 0, 'cut');
  const stretch = (last - first) / kinds.length;
  return kinds.map((kind, index) => ({
    kind,
    after: Math.floor(work * (first + stretch * (index + 0.9 * randomness.fraction()))),
    delayMs: Math.floor(randomness.fraction() * longestDelayMs),
  }));
}
