import type { Cell } from './cells.ts';
import { Injector } from './injector.ts';
import { Judge, type Verdict } from './judge.ts';
import { Mapping } from './mapping.ts';
import type { Schedule } from './schedule.ts';
import type { System } from './system.ts';
import { World } from './world.ts';

export interface Outcome {
  readonly verdict: Verdict;
  /** The cells that were hit: at most as many as the schedule has faults. */
  readonly hits: readonly Cell[];
}

/** Runs one schedule against one system. */
export async function runSchedule(system: System, schedule: Schedule): Promise<Outcome> {
  const world = new World(schedule);
  const injector = new Injector(world, system.sites);
  const open = system.open(world, injector);
  const judge = new Judge(world, system, open);
  const isDrained = await world.clock.run(new Mapping(world, injector, open, judge).run());
  if (world.harnessFailure !== undefined) throw new Error(world.harnessFailure);
  return { verdict: judge.verdict(isDrained), hits: world.hits };
}
