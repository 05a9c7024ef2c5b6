import { drawSchedule } from './draw-schedule.ts';
import { runSchedule } from './run-schedule.ts';
import type { System } from './system.ts';
import { count, emptyTally, type Tally } from './tally.ts';

/** Which schedules of a system to run: so many, from this number on. */
export interface Share {
  readonly seed: number;
  readonly from: number;
  readonly schedules: number;
}

/** Runs schedules one after the other. An `Error` names the schedule that it came from. */
export async function prove(system: System, { seed, from, schedules }: Share): Promise<Tally> {
  const tally = emptyTally();
  for (let index = from; index < from + schedules; index += 1) {
    try {
      count(tally, index, await runSchedule(system, drawSchedule(system, seed, index)));
    } catch (cause) {
      throw new Error(`${system.name} ${system.mode}: schedule ${index} of seed ${seed} failed`, { cause });
    }
  }
  return tally;
}
