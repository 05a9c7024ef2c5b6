import { describe, expect, it } from 'vitest';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';

describe('SeededRandomness', () => {
  it('repeats itself for one seed and differs for another', () => {
    const draw = (seed: number) => {
      const randomness = new SeededRandomness(seed);
      return Array.from({ length: 20 }, () => randomness.fraction());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('stays within 0 and 1 and covers the range', () => {
    const randomness = new SeededRandomness(3);
    const drawn = Array.from({ length: 2_000 }, () => randomness.fraction());
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(drawn.filter((fraction) => fraction < 0.5).length).toBeGreaterThan(800);
    expect(drawn.filter((fraction) => fraction >= 0.5).length).toBeGreaterThan(800);
  });

  it('never issues an ID twice, nor one of another seed', () => {
    const one = new SeededRandomness(1);
    const two = new SeededRandomness(2);
    const issued = Array.from({ length: 50 }, () => [one.uniqueId(), two.uniqueId()]).flat();
    expect(new Set(issued).size).toBe(100);
  });
});
