import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import type { Effects } from '../../../lib/core/effects/effects.ts';
import { UnprocessableRecordError } from '../../../lib/core/errors/errors.ts';
import type { TransactionalStore } from '../../../lib/ports/commit-store.ts';
import { effectName } from '../system.ts';
import type { EffectSeen, Run, World } from '../world.ts';

/** A store with two tables, in both of which each run of a handler adds one to an item of its own. */
export interface EffectTables {
  readonly store: TransactionalStore;
  readonly names: readonly [string, string];
  /** A table in which each effect leaves its name. */
  readonly doneName: string;
  has(effect: string): Promise<boolean>;
  /** What the tables hold, in the order in which it was written; an `Error` for a half of something. */
  effects(world: World): readonly EffectSeen[];
}

/** Asks for a run's effects: three writes, of which none may happen without the others. */
export async function addEffects(
  world: World,
  effects: Effects,
  tables: EffectTables,
  run: Run,
  knownBy: 'businessId' | 'coordinates',
): Promise<void> {
  const { seed, index, settings } = run.host.schedule;
  const id = `${seed}-${index} ${effectName(run.record, knownBy)}`;
  if (settings.repeats === 'refused' && (await world.clock.during(tables.has(id))))
    throw new UnprocessableRecordError('it is there already');
  for (const table of tables.names) effects.update({ table, key: { id: itemOf(run) }, update: { add: { count: 1 } } });
  effects.put({
    table: tables.doneName,
    item: { id },
    ...(settings.repeats === 'conditional'
      ? { condition: 'attribute_not_exists(id)', onConditionFailed: 'reject' as const }
      : {}),
  });
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
    has: async (id) => store.item('Done', { id }) !== undefined,
    effects: (world) =>
      store.items(names[0]).flatMap(({ id, count }) => {
        if (store.item(names[1], { id })?.count !== count) throw new Error(`${String(id)} is half written`);
        const run = runOf(String(id), world);
        // An item that was added to twice is two effects.
        return Array.from({ length: Number(count) }, (): EffectSeen => ({ run, at: run.startedAt, isLate: false }));
      }),
  };
}
