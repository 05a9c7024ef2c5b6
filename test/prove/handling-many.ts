import { handleAsPlanned } from './handling.ts';
import { orderingUnitOf } from './ordering-unit.ts';
import type { Run, World } from './world.ts';

/** A record of a call for many, and what its handler can do about it. */
export interface Called {
  readonly run: Run;
  /** Makes its effect. */
  produce(): Promise<void>;
  /** Names it as failed. */
  fail(error: unknown): void;
}

/** Runs the user's handler of many records as planned, one after the other. Rejects where it throws for all of them. */
export async function handleManyAsPlanned(
  world: World,
  called: readonly Called[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { throwsInCompany, backwards } = world.schedule.settings.many;
  try {
    for (const one of backwards ? called.toReversed() : called) {
      signal?.throwIfAborted();
      await handleOne(world, one, called, signal);
    }
    if (throwsInCompany && called.length > 1 && !world.threwInCompany) {
      world.threwInCompany = true;
      throw new Error('not so many now');
    }
  } catch (error) {
    for (const { run } of called) {
      run.ended = 'threw';
      run.isBlamed ||= called.length === 1;
    }
    throw error;
  }
}

async function handleOne(
  world: World,
  one: Called,
  called: readonly Called[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const isNamed = isNamedByItself(world, one);
  try {
    const manner = {
      failsLate: world.schedule.settings.many.failsLate,
      isBelieved: isNamed || called.length === 1,
    };
    await handleAsPlanned(world, one.run, signal, one.produce, manner);
  } catch (error) {
    if (!isNamed) throw error;
    one.fail(error);
    for (const { run } of behind(world, one, called)) run.isBehindFailed = true;
  }
}

/** Whether its failure is told by its name, and not by a throw for all. */
function isNamedByItself(world: World, { run }: Called): boolean {
  const { tells } = world.schedule.settings.many;
  return tells === 'mixed' ? run.record.offset % 2 === 0 : tells === 'named';
}

/** Those behind it in its ordering unit. */
function behind(world: World, one: Called, called: readonly Called[]): readonly Called[] {
  const { ordering } = world.schedule.settings;
  const unit = orderingUnitOf(one.run.record, ordering);
  if (unit === undefined) return [];
  return called.slice(called.indexOf(one) + 1).filter(({ run }) => orderingUnitOf(run.record, ordering) === unit);
}
