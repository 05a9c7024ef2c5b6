import { kafkaHandler } from '../../../lib/handler/commit/kafka-handler.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { CallsFor, Invoke, System } from '../system.ts';
import type { Run, World } from '../world.ts';
import { type EffectTables, memoryTables } from './effect-tables.ts';
import { addingEffects, addingManyEffects } from './effects-handler.ts';
import { commonOptions, named, sitesOfFailures, transactional } from './options.ts';

const sites: readonly Site[] = ['readPositions', 'read', 'commit', 'deadLetter', ...sitesOfFailures];

/** The mode `position`, whose effects are in tables of the store; in memory unless others are given. It has no window, and knows nothing of business IDs. */
export function positionSystem(calls: CallsFor, tablesFor: () => EffectTables = memoryTables): System {
  return {
    ...named('position', calls),
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
        start: (host) => startPosition({ calls, world, injector, tables, generation }, host),
        effects: () => tables.effects(world, 'coordinates'),
        writesAfterwards: true,
        mayPutAside: (run, host) => mayPutAside(world, run, host),
        topicMadeAgain: () => {
          generation += 1;
        },
      };
    },
  };
}

interface Parts {
  readonly calls: CallsFor;
  readonly world: World;
  readonly injector: Injector;
  readonly tables: EffectTables;
  readonly generation: number;
}

function startPosition({ calls, world, injector, tables, generation }: Parts, host: Host): Invoke {
  const start = { world, tables, host, knownBy: 'coordinates' } as const;
  const options = {
    ...commonOptions(world, host),
    mode: 'position',
    countStarts: world.schedule.settings.countsStarts,
    store: transactional({ inner: tables.store, host, injector, world }, tables.store),
    deadLetters: new FaultySink(world, host, injector),
    commit: world.schedule.settings.commitsPrefixes ? 'prefix' : 'each',
    generation,
  } as const;
  const handler = kafkaHandler(
    calls === 'one'
      ? { ...options, handle: addingEffects(start) }
      : { ...options, maxRecords: world.schedule.settings.many.maxRecords, handleMany: addingManyEffects(start) },
  );
  return (event, context) => handler(event, context);
}

/** A position is no claim: of two invocations at a time one may put aside what the other commits. */
function mayPutAside(world: World, run: Run, host: Host): boolean {
  const effect = world.invocations.get(run.invocation);
  return [...world.invocations.values()].some(
    (letter) => effect !== undefined && effect !== letter && letter.host === host && letter.from < effect.to,
  );
}
