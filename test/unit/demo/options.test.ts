import { describe, expect, it } from 'vitest';
import { demoOptions, UsageError } from '../../../local/demo/options.ts';

describe('demoOptions', () => {
  it('has the defaults of a full run', () => {
    expect(demoOptions([], 7)).toEqual({
      ...{ records: 20_000, partitions: 12, kills: 5, cutSeconds: 4, seed: 7 },
      ...{ json: false, withIdempotency: true },
    });
  });

  it('takes every flag', () => {
    const flags = '--records 1500 --partitions 3 --kills 8 --cut-seconds 0 --seed 42 --json --without-idempotency';
    expect(demoOptions(flags.split(' '), 7)).toEqual({
      ...{ records: 1500, partitions: 3, kills: 8, cutSeconds: 0, seed: 42 },
      ...{ json: true, withIdempotency: false },
    });
  });

  it.each([
    ['--records', '499'],
    ['--kills', '4'],
    ['--partitions', '1.5'],
    ['--seed', '-1'],
    ['--records', ''],
    ['--what'],
  ])('refuses %s %s', (...args) => {
    expect(() => demoOptions(args, 7)).toThrow(UsageError);
  });
});
