import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import { handleAsPlanned } from '../handling.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { Invoke, System } from '../system.ts';
import type { World } from '../world.ts';
import { addEffects, type EffectTables, memoryTables } from './effect-tables.ts';
import { keyedOptions, loadModes, sitesOfFailures, transactional } from './options.ts';

const sites: readonly Site[] = ['read', 'commit', 'deadLetter', ...sitesOfFailures];

/** The mode `transaction`, whose effects are in tables of the store; in memory unless others are given. It has no window. */
export function transactionSystem(tablesFor: () => EffectTables = memoryTables): System {
  return {
    name: 'kafka-once',
    mode: 'transaction',
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
        start: (host) => startTransaction(world, injector, tables, host),
        ready: loadModes,
        effects: () => tables.effects(world),
        mayPutAside: () => false,
      };
    },
  };
}

function startTransaction(world: World, injector: Injector, tables: EffectTables, host: Host): Invoke {
  const handler = kafkaHandler({
    ...keyedOptions(world, host),
    mode: 'transaction',
    store: transactional({ inner: tables.store, host, injector, world }, tables.store),
    deadLetters: new FaultySink(world, host, injector),
    commit: world.schedule.settings.commitsPrefixes ? 'prefix' : 'each',
    handle: async (record, { effects, signal, lambdaContext }) => {
      const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '');
      await handleAsPlanned(world, run, signal, () => addEffects(world, effects, tables, run, 'businessId'));
    },
  });
  return (event, context) => handler(event, context);
}
