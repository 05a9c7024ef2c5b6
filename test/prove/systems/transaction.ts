import { kafkaHandler } from '../../../lib/handler/commit/kafka-handler.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { CallsFor, Invoke, System } from '../system.ts';
import type { World } from '../world.ts';
import { type EffectTables, memoryTables } from './effect-tables.ts';
import { addingEffects, addingManyEffects } from './effects-handler.ts';
import { keyedOptions, named, sitesOfFailures, transactional } from './options.ts';

const sites: readonly Site[] = ['read', 'commit', 'deadLetter', ...sitesOfFailures];

/** The mode `transaction`, whose effects are in tables of the store; in memory unless others are given. It has no window. */
export function transactionSystem(calls: CallsFor, tablesFor: () => EffectTables = memoryTables): System {
  return {
    ...named('transaction', calls),
    sites,
    unreachable: [],
    cells: cellsOf(sites),
    hasDeadLetters: true,
    claimsFailuresOnly: true,
    knownBy: 'businessId',
    adjust: (settings) =>
      settings.ordering === 'none' || settings.commitsPrefixes
        ? { ...settings, afterDeadLetter: 'continue' }
        : settings,
    open: (world, injector) => {
      const tables = tablesFor();
      return {
        start: (host) => startTransaction({ calls, world, injector, tables }, host),
        effects: () => tables.effects(world, 'businessId'),
        writesAfterwards: true,
        mayPutAside: () => false,
      };
    },
  };
}

interface Parts {
  readonly calls: CallsFor;
  readonly world: World;
  readonly injector: Injector;
  readonly tables: EffectTables;
}

function startTransaction({ calls, world, injector, tables }: Parts, host: Host): Invoke {
  const start = { world, tables, host, knownBy: 'businessId' } as const;
  const options = {
    ...keyedOptions(world, host),
    mode: 'transaction',
    countStarts: world.schedule.settings.countsStarts,
    store: transactional({ inner: tables.store, host, injector, world }, tables.store),
    deadLetters: new FaultySink(world, host, injector),
    commit: world.schedule.settings.commitsPrefixes ? 'prefix' : 'each',
  } as const;
  const handler = kafkaHandler(
    calls === 'one'
      ? { ...options, handle: addingEffects(start) }
      : { ...options, maxRecords: world.schedule.settings.many.maxRecords, handleMany: addingManyEffects(start) },
  );
  return (event, context) => handler(event, context);
}
