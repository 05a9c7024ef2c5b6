import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import type { Effects } from '../../../lib/core/effects/effects.ts';
import type { EffectSeen, Run, World } from '../world.ts';

/** The tables that handlers write to: each run of a handler adds one to an item of its own in both. */
const tables = ['Orders', 'Balances'] as const;

/** A store with those tables. */
export function storeWithTables(): MemoryStore {
  return new MemoryStore({ tables: { Orders: { partitionKey: 'id' }, Balances: { partitionKey: 'id' } } });
}

/** Asks for a run's effects: two writes, of which neither may happen without the other. */
export function addEffects(effects: Effects, run: Run): void {
  for (const table of tables) effects.update({ table, key: { id: `${run.startedAt}` }, update: { add: { count: 1 } } });
}

/** What the tables hold, in the order in which it was written; an `Error` for a half of something. */
export function effectsIn(store: MemoryStore, world: World): readonly EffectSeen[] {
  return store.items(tables[0]).flatMap(({ id, count }) => {
    const run = world.runs.get(Number(id));
    const other = store.item(tables[1], { id })?.count;
    if (run === undefined || other !== count) throw new Error(`the effects of run ${String(id)} are half written`);
    // An item that was added to twice is two effects.
    return Array.from({ length: Number(count) }, (): EffectSeen => ({ run, at: run.startedAt, isLate: false }));
  });
}
