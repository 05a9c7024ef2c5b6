import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { kafkaHandler } from '../../../lib/handler/commit/kafka-handler.ts';
import type { MarkManyOptions, MarkOptions } from '../../../lib/handler/commit/mode-options.ts';
import type { TransactionalStore } from '../../../lib/ports/commit-store.ts';
import { cellsOf, type Site } from '../cells.ts';
import { FaultySink } from '../faulty-sink.ts';
import { handleAsPlanned, produceOutside } from '../handling.ts';
import { type Called, handleManyAsPlanned } from '../handling-many.ts';
import type { Host } from '../host.ts';
import type { Injector } from '../injector.ts';
import type { PlannedRecord } from '../schedule.ts';
import type { CallsFor, Invoke, System } from '../system.ts';
import type { Run, World } from '../world.ts';
import { isInMarkWindow } from './mark-window.ts';
import { keyedOptions, named, sitesOfFailures, transactional } from './options.ts';

const sites: readonly Site[] = ['read', 'setMarks', 'effect', 'deadLetter', ...sitesOfFailures];

/** The mode `mark`. */
export function markSystem(
  calls: CallsFor,
  storeFor: (world: World) => TransactionalStore = () => new MemoryStore(),
): System {
  return {
    ...named('mark', calls),
    sites,
    unreachable: [],
    cells: cellsOf(sites),
    hasDeadLetters: true,
    claimsFailuresOnly: true,
    knownBy: 'businessId',
    adjust: (settings) => ({
      ...settings,
      // An effect is made at once: an order in a call is its handler's to keep.
      many: { ...settings.many, backwards: false },
      afterDeadLetter: settings.ordering === 'none' ? 'continue' : settings.afterDeadLetter,
    }),
    open: (world, injector) => {
      const inner = storeFor(world);
      return {
        start: (host) => startMark({ calls, world, injector, inner }, host),
        effects: () => world.effects,
        isInWindow: (earlier, later) => isInMarkWindow(world, earlier, later),
      };
    },
  };
}

interface Parts {
  readonly calls: CallsFor;
  readonly world: World;
  readonly injector: Injector;
  readonly inner: TransactionalStore;
}

function startMark({ calls, world, injector, inner }: Parts, host: Host): Invoke {
  const startRun = (record: PlannedRecord, idempotencyKey: string, invocation: string | undefined): Run => {
    // Nothing is claimed: the start of a handler is noted in its place.
    const at = world.nextEvent();
    world.claims.granted(idempotencyKey, `handler ${at}`, host, at);
    return world.startRun(record, host, invocation ?? '', world.claims.latest(idempotencyKey, host));
  };
  const options = {
    ...keyedOptions(world, host),
    mode: 'mark',
    countStarts: world.schedule.settings.countsStarts,
    store: transactional({ inner, host, injector, world }, inner),
    deadLetters: new FaultySink(world, host, injector),
    completionLag: world.schedule.settings.completionLag,
  } as const;
  const handleOne: MarkOptions['handle'] = async (record, { idempotencyKey, signal, lambdaContext }) => {
    const run = startRun(world.recordAt(record), idempotencyKey, lambdaContext?.awsRequestId);
    await handleAsPlanned(world, run, signal, () => produceOutside(world, injector, run, signal));
  };
  const handleMany: MarkManyOptions['handleMany'] = async (
    records,
    { idempotencyKey, fail, signal, lambdaContext },
  ) => {
    const called = records.map((record): Called => {
      const run = startRun(world.recordAt(record), idempotencyKey(record), lambdaContext?.awsRequestId);
      return {
        run,
        produce: () => produceOutside(world, injector, run, signal),
        fail: (error) => fail(record, error),
      };
    });
    await handleManyAsPlanned(world, called, signal);
  };
  const { maxRecords } = world.schedule.settings.many;
  const handler = kafkaHandler(
    calls === 'one' ? { ...options, handle: handleOne } : { ...options, maxRecords, handleMany },
  );
  return (event, context) => handler(event, context);
}
