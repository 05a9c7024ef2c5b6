import type { Effects } from '../../../lib/core/effects/effects.ts';
import { effectName, type System } from '../system.ts';
import type { Run, World } from '../world.ts';
import type { EffectTables } from './effect-tables.ts';

/** Items beside those that effects are counted by, all of which stand in the table that effects leave their names in. */
const ids = {
  versioned: (effect: string): string => `${effect} versioned`,
  state: (effect: string): string => `${effect} state`,
  open: (item: string): string => `${item} open`,
  gate: (item: string): string => `${item} gate`,
};

const stateOf = (times: number): string | undefined => (times === 0 ? undefined : `done ${times}`);

/**
 * Asks for more writes of a run, each of them conditional: a version and a state that advance once with each effect, and an item that
 * the handler has put in place to be deleted, behind another one that has to be there.
 */
export async function addGuardedEffects(
  world: World,
  effects: Effects,
  tables: EffectTables,
  { effect, item }: { readonly effect: string; readonly item: string },
): Promise<void> {
  const { doneName: table } = tables;
  const id = ids.versioned(effect);
  const { open, gate } = { open: ids.open(item), gate: ids.gate(item) };
  const read = async (): Promise<number> => {
    const [known] = await Promise.all([tables.item(id), tables.place(open), tables.place(gate)]);
    return known?.version ?? 0;
  };
  const version = await world.clock.during(read());
  effects.updateIfVersion({ table, key: { id }, version: version === 0 ? undefined : version, set: { by: item } });
  const key = { id: ids.state(effect) };
  effects.transition({ table, key, attribute: 'state', from: stateOf(version), to: stateOf(version + 1) });
  effects.delete({ table, key: { id: open }, condition: 'attribute_exists(id)' });
  effects.check({ table, key: { id: gate }, condition: 'attribute_exists(id)' });
}

/** What of a table says that effects were carried out by halves; undefined: nothing does. */
export function guardedFault(
  runs: readonly Run[],
  committed: readonly Run[],
  knownBy: System['knownBy'],
  nameOf: { effect(name: string): string; item(run: Run): string },
  itemAt: (id: string) => Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const times = Map.groupBy(committed, ({ record }) => effectName(record, knownBy));
  for (const { record } of runs) {
    const name = effectName(record, knownBy);
    const count = times.get(name)?.length ?? 0;
    const effect = nameOf.effect(name);
    if ((itemAt(ids.versioned(effect))?.version ?? 0) !== count) return `${name} is at another version than ${count}`;
    if (itemAt(ids.state(effect))?.state !== stateOf(count))
      return `${name} is in another state than ${stateOf(count)}`;
  }
  for (const run of committed)
    if (itemAt(ids.open(nameOf.item(run))) !== undefined) return `${nameOf.item(run)} is open`;
  return undefined;
}
