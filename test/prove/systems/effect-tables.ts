import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import type { Effects } from '../../../lib/core/effects/effects.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import type { TransactionalStore } from '../../../lib/ports/commit-store.ts';
import { effectName, type System } from '../system.ts';
import type { EffectSeen, Run, World } from '../world.ts';
import { addGuardedEffects, guardedFault } from './guarded-effects.ts';

type KnownBy = System['knownBy'];

/** A store with two tables, in both of which each run of a handler adds one to an item of its own. */
export interface EffectTables {
  readonly store: TransactionalStore;
  readonly names: readonly [string, string];
  /** A table in which each effect leaves its name. */
  readonly doneName: string;
  /** An item of that table, as a handler reads it. */
  item(id: string): Promise<{ readonly version: number | undefined } | undefined>;
  /** Puts an item into that table, as a handler that does not wait for its commit. */
  place(id: string): Promise<void>;
  /** What the tables hold, in the order in which it was written; an `Error` for a half of something. */
  effects(world: World, knownBy: KnownBy): readonly EffectSeen[];
}

/** Asks for a run's effects: three writes and, where they are guarded, four more, of which none may happen without the others. */
export async function addEffects(
  world: World,
  effects: Effects,
  tables: EffectTables,
  run: Run,
  knownBy: KnownBy,
): Promise<void> {
  const { settings } = world.schedule;
  const id = idOf(world, effectName(run.record, knownBy));
  if (settings.repeats === 'refused' && (await world.clock.during(tables.item(id))) !== undefined)
    throw new UnprocessableRecordError('it is there already');
  for (const table of tables.names) effects.update({ table, key: { id: itemOf(run) }, update: { add: { count: 1 } } });
  effects.put({
    table: tables.doneName,
    item: { id },
    ...(settings.repeats === 'conditional'
      ? { condition: 'attribute_not_exists(id)', onConditionFailed: 'reject' as const }
      : {}),
  });
  if (settings.guards) await addGuardedEffects(world, effects, tables, { effect: id, item: itemOf(run) });
}

/** Distinct also where many schedules share a table. */
function idOf({ schedule: { seed, index } }: World, name: string): string {
  return `${seed}-${index} ${name}`;
}

/** Distinct also where many schedules share a table. */
function itemOf({ host, startedAt }: Run): string {
  const { seed, index } = host.schedule;
  return `${seed}-${index}-${startedAt}`;
}

export function runOf(item: string, world: World): Run {
  const run = world.runs.get(Number(item.split('-').at(-1)));
  if (run === undefined) throw new Error(`${item} is an effect of no run`);
  return run;
}

/** The tables in memory. */
export function memoryTables(): EffectTables {
  const names = ['Orders', 'Balances'] as const;
  const store = new MemoryStore({
    tables: { Orders: { partitionKey: 'id' }, Balances: { partitionKey: 'id' }, Done: { partitionKey: 'id' } },
  });
  return {
    store,
    names,
    doneName: 'Done',
    item: async (id) => {
      const item = store.item('Done', { id });
      return item && { version: item.version === undefined ? undefined : Number(item.version) };
    },
    place: async (id) => store.putItem('Done', { id }),
    effects: (world, knownBy) => {
      const seen = store.items(names[0]).flatMap(({ id, count }) => {
        if (store.item(names[1], { id })?.count !== count) throw new Error(`${String(id)} is half written`);
        const run = runOf(String(id), world);
        // An item that was added to twice is two effects.
        return Array.from({ length: Number(count) }, (): EffectSeen => ({ run, at: run.startedAt, isLate: false }));
      });
      if (!world.schedule.settings.guards) return seen;
      const committed = seen.map(({ run }) => run);
      const nameOf = { effect: (name: string) => idOf(world, name), item: itemOf };
      const itemAt = (id: string): Record<string, unknown> | undefined => store.item('Done', { id });
      const fault = guardedFault([...world.runs.values()], committed, knownBy, nameOf, itemAt);
      if (fault !== undefined) throw new Error(fault);
      return seen;
    },
  };
}
