import { describe, expect, it } from 'vitest';
import { drawSchedule } from '../draw-schedule.ts';
import { prove } from '../prove.ts';
import { runSchedule } from '../run-schedule.ts';
import { systems } from '../systems/all.ts';
import { emptyTally, merge } from '../tally.ts';

describe.each(systems)('$name $mode', (system) => {
  it('comes to the same by seed and index, whatever ran before, and differs by seed', async () => {
    const whole = await prove(system, { seed: 5, from: 0, schedules: 120 });
    const parts = emptyTally();
    merge(parts, await prove(system, { seed: 5, from: 60, schedules: 60 }));
    merge(parts, await prove(system, { seed: 5, from: 0, schedules: 60 }));
    expect(parts.hits).toEqual(whole.hits);
    expect(parts.rows).toEqual(whole.rows);
    expect((await prove(system, { seed: 6, from: 0, schedules: 120 })).rows).not.toEqual(whole.rows);
  });

  it('runs a schedule twice alike', async () => {
    for (let index = 0; index < 30; index += 1) {
      const schedule = drawSchedule(system, 5, index);
      expect(await runSchedule(system, schedule)).toEqual(await runSchedule(system, schedule));
    }
  });
});
