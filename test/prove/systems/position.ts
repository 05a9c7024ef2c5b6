import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import { handleAsPlanned } from '../handling.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { Invoke, System } from '../system.ts';
import type { Run, World } from '../world.ts';
import { addEffects, type EffectTables, memoryTables } from './effect-tables.ts';
import { commonOptions, loadModes, sitesOfFailures, transactional } from './options.ts';

const sites: readonly Site[] = ['readPositions', 'read', 'commit', 'deadLetter', ...sitesOfFailures];

/** The mode `position`, whose effects are in tables of the store; in memory unless others are given. It has no window, and knows nothing of business IDs. */
export function positionSystem(tablesFor: () => EffectTables = memoryTables): System {
  return {
    name: 'kafka-once',
    mode: 'position',
    sites,
    unreachable: [],
    cells: cellsOf(sites),
    hasDeadLetters: true,
    claimsFailuresOnly: true,
    knownBy: 'coordinates',
    adjust: (settings) => ({
      ...settings,
      ordering: 'partition',
      reports: false,
      afterDeadLetter: settings.commitsPrefixes ? 'continue' : settings.afterDeadLetter,
    }),
    open: (world, injector) => {
      const tables = tablesFor();
      let generation = 0;
      return {
        start: (host) => startPosition(world, injector, tables, host, generation),
        ready: loadModes,
        effects: () => tables.effects(world),
        mayPutAside: (run, host) => mayPutAside(world, run, host),
        topicMadeAgain: () => {
          generation += 1;
        },
      };
    },
  };
}

function startPosition(world: World, injector: Injector, tables: EffectTables, host: Host, generation: number): Invoke {
  const handler = kafkaHandler({
    ...commonOptions(world, host),
    mode: 'position',
    store: transactional({ inner: tables.store, host, injector, world }, tables.store),
    deadLetters: new FaultySink(world, host, injector),
    commit: world.schedule.settings.commitsPrefixes ? 'prefix' : 'each',
    generation,
    handle: async (record, { effects, signal, lambdaContext }) => {
      const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '');
      await handleAsPlanned(world, run, signal, () => addEffects(world, effects, tables, run, 'coordinates'));
    },
  });
  return (event, context) => handler(event, context);
}

/** A position is no claim: of two invocations at a time one may put aside what the other commits. */
function mayPutAside(world: World, run: Run, host: Host): boolean {
  const effect = world.invocations.get(run.invocation);
  return [...world.invocations.values()].some(
    (letter) => effect !== undefined && effect !== letter && letter.host === host && letter.from < effect.to,
  );
}
