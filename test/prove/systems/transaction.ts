import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import { handleAsPlanned } from '../handling.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { Invoke, System } from '../system.ts';
import type { World } from '../world.ts';
import { addEffects, effectsIn, storeWithTables } from './effect-table.ts';
import { keyedOptions, loadModes, transactional } from './options.ts';

const sites: readonly Site[] = ['read', 'commit', 'markCompleted', 'deadLetter'];

/** The mode `transaction`, whose effects are in tables of the store. It has no window. */
export function transactionSystem(): System {
  return {
    name: 'kafka-once',
    mode: 'transaction',
    sites,
    unreachable: [],
    cells: cellsOf(sites),
    hasDeadLetters: true,
    knownBy: 'businessId',
    adjust: (settings) => (settings.ordering === 'none' ? { ...settings, afterDeadLetter: 'continue' } : settings),
    open: (world, injector) => {
      const inner = storeWithTables();
      return {
        start: (host) => startTransaction(world, injector, inner, host),
        ready: loadModes,
        effects: () => effectsIn(inner, world),
      };
    },
  };
}

function startTransaction(
  world: World,
  injector: Injector,
  inner: ReturnType<typeof storeWithTables>,
  host: Host,
): Invoke {
  const handler = kafkaHandler({
    ...keyedOptions(world, host),
    mode: 'transaction',
    store: transactional({ inner, host, injector, world }, inner),
    deadLetters: new FaultySink(world, host, injector),
    commit: world.schedule.settings.commitsPrefixes ? 'prefix' : 'each',
    handle: async (record, { effects, signal, lambdaContext }) => {
      const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '');
      await handleAsPlanned(world, run, signal, async () => addEffects(effects, run));
    },
  });
  return (event, context) => handler(event, context);
}
