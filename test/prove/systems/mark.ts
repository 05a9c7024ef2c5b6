import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import type { TransactionalStore } from '../../../lib/ports/commit-store.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import { handleAsPlanned, produceOutside } from '../handling.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { Invoke, System } from '../system.ts';
import type { World } from '../world.ts';
import { isInMarkWindow } from './mark-window.ts';
import { keyedOptions, loadModes, sitesOfFailures, transactional } from './options.ts';

const sites: readonly Site[] = ['read', 'setMarks', 'effect', 'deadLetter', ...sitesOfFailures];

/** The mode `mark`. */
export function markSystem(storeFor: (world: World) => TransactionalStore = () => new MemoryStore()): System {
  return {
    name: 'kafka-once',
    mode: 'mark',
    sites,
    unreachable: [],
    cells: cellsOf(sites),
    hasDeadLetters: true,
    claimsFailuresOnly: true,
    knownBy: 'businessId',
    adjust: (settings) => (settings.ordering === 'none' ? { ...settings, afterDeadLetter: 'continue' } : settings),
    open: (world, injector) => {
      const inner = storeFor(world);
      return {
        start: (host) => startMark(world, injector, inner, host),
        ready: loadModes,
        effects: () => world.effects,
        isInWindow: (earlier, later) => isInMarkWindow(world, earlier, later),
      };
    },
  };
}

function startMark(world: World, injector: Injector, inner: TransactionalStore, host: Host): Invoke {
  const handler = kafkaHandler({
    ...keyedOptions(world, host),
    mode: 'mark',
    store: transactional({ inner, host, injector, world }, inner),
    deadLetters: new FaultySink(world, host, injector),
    completionLag: world.schedule.settings.completionLag,
    handle: async (record, { idempotencyKey, signal, lambdaContext }) => {
      // Nothing is claimed: the start of a handler is noted in its place.
      const at = world.nextEvent();
      world.claims.granted(idempotencyKey, `handler ${at}`, host, at);
      const claim = world.claims.latest(idempotencyKey, host);
      const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '', claim);
      await handleAsPlanned(world, run, signal, () => produceOutside(world, injector, run, signal));
    },
  });
  return (event, context) => handler(event, context);
}
