import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { kafkaHandler } from '../../../lib/handler/kafka-handler.ts';
import type { IdempotencyStore } from '../../../lib/ports/idempotency-store.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import { FaultyStore } from '../faulty-store.ts';
import { handleAsPlanned, produceOutside } from '../handling.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { Invoke, OpenSystem, System } from '../system.ts';
import type { World } from '../world.ts';
import { isInClaimWindow } from './claim-window.ts';
import { keyedOptions, named } from './options.ts';

const sites: readonly Site[] = [
  'insert',
  'takeOver',
  'renew',
  'complete',
  'release',
  'read',
  'markCompleted',
  'effect',
  'deadLetter',
];

/** The mode `claim` over a store; in memory unless another is given. */
export function claimSystem(storeFor: (world: World) => IdempotencyStore = () => new MemoryStore()): System {
  return {
    ...named('claim', 'one'),
    sites,
    unreachable: [],
    cells: cellsOf(sites),
    claimsFailuresOnly: false,
    hasDeadLetters: true,
    knownBy: 'businessId',
    // Held keys are kept by partition or by key.
    adjust: (settings) => (settings.ordering === 'none' ? { ...settings, afterDeadLetter: 'continue' } : settings),
    open: (world, injector) => openClaim(world, injector, storeFor(world)),
  };
}

function openClaim(world: World, injector: Injector, inner: IdempotencyStore): OpenSystem {
  return {
    start: (host) => startClaim(world, injector, inner, host),
    effects: () => world.effects,
    isInWindow: isInClaimWindow,
    mostRepeats: world.schedule.settings.completionLag,
  };
}

function startClaim(world: World, injector: Injector, inner: IdempotencyStore, host: Host): Invoke {
  const { completionLag, onUnknownOutcome } = world.schedule.settings;
  const handler = kafkaHandler({
    ...keyedOptions(world, host),
    store: new FaultyStore({ inner, host, injector, world }),
    deadLetters: new FaultySink(world, host, injector),
    completionLag,
    onUnknownOutcome,
    handle: async (record, { idempotencyKey, signal, lambdaContext }) => {
      const claim = world.claims.latest(idempotencyKey, host);
      const run = world.startRun(world.recordAt(record), host, lambdaContext?.awsRequestId ?? '', claim);
      await handleAsPlanned(world, run, signal, () => produceOutside(world, injector, run, signal));
    },
  });
  return (event, context) => handler(event, context);
}
