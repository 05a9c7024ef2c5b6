import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import { handleAsPlanned } from '../handling.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { Invoke, System } from '../system.ts';
import type { World } from '../world.ts';
import { addEffects, effectsIn, storeWithTables } from './effect-table.ts';
import { commonOptions, loadModes, transactional } from './options.ts';

const sites: readonly Site[] = ['readPositions', 'read', 'commit', 'markCompleted', 'deadLetter'];

/** The mode `position`, whose effects are in tables of the store. It has no window, and knows nothing of business IDs. */
export function positionSystem(): System {
  return {
    name: 'kafka-once',
    mode: 'position',
    sites,
    unreachable: [],
    cells: cellsOf(sites),
    hasDeadLetters: true,
    knownBy: 'coordinates',
    adjust: (settings) => ({ ...settings, ordering: 'partition', reports: false }),
    open: (world, injector) => {
      const inner = storeWithTables();
      let generation = 0;
      return {
        start: (host) => startPosition(world, injector, inner, host, generation),
        ready: loadModes,
        effects: () => effectsIn(inner, world),
        topicMadeAgain: () => {
          generation += 1;
        },
      };
    },
  };
}

function startPosition(
  world: World,
  injector: Injector,
  inner: ReturnType<typeof storeWithTables>,
  host: Host,
  generation: number,
): Invoke {
  const handler = kafkaHandler({
    ...commonOptions(world, host),
    mode: 'position',
    store: transactional({ inner, host, injector, world }, inner),
    deadLetters: new FaultySink(world, host, injector),
    commit: world.schedule.settings.commitsPrefixes ? 'prefix' : 'each',
    generation,
    handle: async (record, { effects, signal, lambdaContext }) => {
      const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '');
      await handleAsPlanned(world, run, signal, async () => addEffects(effects, run));
    },
  });
  return (event, context) => handler(event, context);
}
