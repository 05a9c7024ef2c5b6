import type { Host } from './host.ts';
import { orderingUnitOf } from './ordering-unit.ts';
import { countOutOfOrder } from './out-of-order.ts';
import { type PlannedRecord, placeOf } from './schedule.ts';
import { effectName, type OpenSystem, type System } from './system.ts';
import type { EffectSeen, Place, World } from './world.ts';

/** What became of a schedule. */
export interface Verdict {
  /** Records that were acknowledged although there was neither an effect nor a dead letter. */
  readonly lost: number;
  /** Effects beyond the first of what may take effect once. */
  readonly doubled: number;
  /** Those of them that the mode's documented window covers. */
  readonly inWindow: number;
  /** Effects, repeats aside, that came after one of a later record of their ordering unit. */
  readonly outOfOrder: number;
  /** Records that were put aside as dead letters when their effect was there, by a process that never stood still. */
  readonly putAside: number;
  /** Effects that the invocation which had them took for another's, though nothing had kept it from knowing better. */
  readonly mistaken: number;
  /** Not everything was done in the end. */
  readonly stuck: number;
  /** 1 if a promise was broken. */
  readonly broken: number;
}

/** Counts from the effects themselves; it does not ask the system what it thinks it did. */
export class Judge {
  readonly #world: World;
  readonly #knownBy: System['knownBy'];
  readonly #open: OpenSystem;
  readonly #lost = new Set<string>();
  readonly #done = new Set<string>();
  readonly #putAside = new Set<string>();
  #wronglyPutAside = 0;
  #mistaken = 0;

  constructor(
    world: World,
    { knownBy, claimsFailuresOnly }: Pick<System, 'knownBy' | 'claimsFailuresOnly'>,
    open: OpenSystem,
  ) {
    this.#world = world;
    this.#knownBy = knownBy;
    this.#open = open;
    if (open.writesAfterwards === true) {
      world.whenDuplicate = (place, host) => {
        if (this.#isOwnEffect(place, host)) this.#mistaken += 1;
      };
    }
    world.whenPutAside = (record, host, reason) => {
      const there = open.effects().filter(({ run }) => run.record === record);
      if (there.length > 0) this.#putAside.add(placeOf(record));
      if (there.some(({ run }) => !(open.mayPutAside?.(run, host) ?? true))) this.#wronglyPutAside += 1;
      // Without claims a record is put aside for what it did when it was handled: by its name, or alone.
      const { countsStarts } = world.schedule.settings;
      // Where starts count, so do those that the end of their process came upon.
      const isForItsHandler = reason === 'unprocessable' || (reason === 'attemptsExhausted' && !countsStarts);
      if (claimsFailuresOnly && isForItsHandler && !this.#isBlamed(record, host)) this.#wronglyPutAside += 1;
    };
  }

  /** These records will not be delivered any more: what they ask for must have happened by now. */
  acknowledged(records: readonly PlannedRecord[], invocation: string): void {
    const effects = this.#open.effects();
    const at = this.#world.nextEvent();
    for (const { run } of effects)
      if (run.invocation === invocation && records.includes(run.record)) run.acknowledgedAt ??= at;
    for (const record of records) {
      this.#done.add(placeOf(record));
      const name = effectName(record, this.#knownBy);
      const hasEffect = effects.some(({ run }) => effectName(run.record, this.#knownBy) === name);
      if (!hasEffect && !this.#world.letters.has(placeOf(record))) this.#lost.add(placeOf(record));
    }
  }

  verdict(isDrained: boolean): Verdict {
    const effects = this.#open.effects();
    const counts = {
      lost: this.#lost.size,
      ...this.#repeats(effects),
      outOfOrder: countOutOfOrder(this.#world, effects, this.#knownBy, this.#done),
      putAside: this.#putAside.size,
      mistaken: this.#mistaken,
      stuck: isDrained ? 0 : 1,
    };
    const isOfFailed = effects.some(({ run }) => run.ended === 'threw');
    const isUnasked = this.#open.writesAfterwards === true && isOfFailed;
    return { ...counts, broken: isUnasked || this.#isBroken(counts) ? 1 : 0 };
  }

  #isBroken({ lost, doubled, inWindow, outOfOrder, mistaken, stuck }: Omit<Verdict, 'broken'>): boolean {
    return lost + outOfOrder + mistaken + stuck + this.#wronglyPutAside > 0 || doubled > inWindow;
  }

  /** Whether the only invocation of a process that never stood still had the effect itself. */
  #isOwnEffect({ partition, offset }: Place, host: Host): boolean {
    if (host.busy > 1) return false;
    return this.#open.effects().some(({ run }) => {
      if (run.host !== host || run.record.partition !== partition || run.record.offset !== offset) return false;
      const invocation = this.#world.invocations.get(run.invocation);
      return invocation?.to === Number.POSITIVE_INFINITY && !host.stoodStill(invocation.from, this.#world.nextEvent());
    });
  }

  /** Whether it has failed in an invocation of the process that is not over. */
  #isBlamed(record: PlannedRecord, host: Host): boolean {
    const { runs, invocations } = this.#world;
    return [...runs.values()].some(
      (run) =>
        run.record === record &&
        run.host === host &&
        run.isBlamed &&
        invocations.get(run.invocation)?.to === Number.POSITIVE_INFINITY,
    );
  }

  #repeats(effects: readonly EffectSeen[]): { readonly doubled: number; readonly inWindow: number } {
    const byName = new Map<string, EffectSeen[]>();
    const causedBy = new Map<string, number>();
    let doubled = 0;
    let inWindow = 0;
    for (const effect of effects) {
      const name = effectName(effect.run.record, this.#knownBy);
      const earlier = byName.get(name);
      if (earlier === undefined) {
        byName.set(name, [effect]);
        continue;
      }
      doubled += 1;
      const isCovered = earlier.every((one) => this.#open.isInWindow?.(one, effect) ?? false);
      // Of two runs the one that began first stalled or was lost: the other one took its place.
      const cause = [...earlier.slice(-1), effect].sort((one, other) => one.run.startedAt - other.run.startedAt)[0];
      if (isCovered && this.#isWithinLimit(cause, causedBy)) inWindow += 1;
      earlier.push(effect);
    }
    return { doubled, inWindow };
  }

  /** A lost invocation repeats no more than it may have had unconfirmed in a unit. */
  #isWithinLimit(cause: EffectSeen | undefined, causedBy: Map<string, number>): boolean {
    const unit = cause && orderingUnitOf(cause.run.record, this.#world.schedule.settings.ordering);
    if (cause === undefined || unit === undefined || this.#open.mostRepeats === undefined) return true;
    const name = `${cause.run.invocation} ${unit}`;
    const repeats = (causedBy.get(name) ?? 0) + 1;
    causedBy.set(name, repeats);
    return repeats <= this.#open.mostRepeats;
  }
}
