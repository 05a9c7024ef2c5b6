import { orderingUnitOf } from './ordering-unit.ts';
import { placeOf } from './schedule.ts';
import { effectName, type System } from './system.ts';
import type { EffectSeen, World } from './world.ts';

/**
 * How many effects, repeats aside, came after one of a later record of their ordering unit.
 *
 * @param done places of records that are not delivered any more.
 */
export function countOutOfOrder(
  world: World,
  effects: readonly EffectSeen[],
  knownBy: System['knownBy'],
  done: ReadonlySet<string>,
): number {
  const { ordering } = world.schedule.settings;
  const passedTooEarly = ({ run, at }: EffectSeen, unit: string): boolean => {
    const endedAt = world.invocations.get(run.invocation)?.to ?? at;
    const isDealtWithMeanwhile = (other: EffectSeen): boolean =>
      other.run.invocation !== run.invocation && other.at < endedAt;
    return (
      !world.letters.has(placeOf(run.record)) &&
      effects.some(
        (other) =>
          orderingUnitOf(other.run.record, ordering) === unit &&
          other.run.record.offset < run.record.offset &&
          other.at > at &&
          !isDealtWithMeanwhile(other),
      )
    );
  };
  const last = new Map(effects.map((effect) => [effectName(effect.run.record, knownBy), effect]));
  const highest = new Map<string, number>();
  const ahead = new Set<string>();
  const seen = new Set<string>();
  let count = 0;
  for (const effect of effects) {
    const { run, isLate, at } = effect;
    const name = effectName(run.record, knownBy);
    const unit = orderingUnitOf(run.record, ordering);
    // A repeat is counted as such, wherever it stands.
    if (unit === undefined || isLate || seen.has(name)) continue;
    // Made behind a failed record of its call it comes again, in its turn. One that passed for done before that record was
    // counts: unless another invocation did that one meanwhile, or it was itself put aside because its key is held.
    const comesAgain = last.get(name) !== effect || !done.has(placeOf(run.record));
    if (run.isBehindFailed && (comesAgain || !passedTooEarly(effect, unit))) {
      ahead.add(name);
      continue;
    }
    // What was put aside is out of the order, should it be handled after all.
    if ((world.letters.get(placeOf(run.record)) ?? at) < at) continue;
    seen.add(name);
    const before = highest.get(unit) ?? -1;
    if (run.record.offset >= before) highest.set(unit, run.record.offset);
    else if (!ahead.has(name)) count += 1;
  }
  return count;
}
