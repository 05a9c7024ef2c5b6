import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { SeededRandomness } from '../../../lib/testing/index.ts';
import { disturbancePlan } from '../../../local/demo/disturbance-plan.ts';

describe('disturbancePlan', () => {
  test.prop([fc.integer({ min: 500, max: 20_000 }), fc.integer({ min: 2, max: 25 }), fc.boolean(), fc.nat()])(
    'has all kills, in order, with work left after the last',
    (orders, kills, withCut, seed) => {
      const plan = disturbancePlan(orders, kills, withCut, new SeededRandomness(seed));
      expect(plan.filter(({ kind }) => kind === 'kill')).toHaveLength(kills);
      expect(plan.filter(({ kind }) => kind === 'cut')).toHaveLength(withCut ? 1 : 0);
      const places = plan.map(({ after }) => after);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places.at(0)).toBeGreaterThan(0);
      expect(places.at(-1)).toBeLessThan(0.85 * orders);
    },
  );
});
