import type { CommonOptions, KeyedOptions } from '../../../lib/handler/handler-options.ts';
import type { TransactionalStore } from '../../../lib/ports/commit-store.ts';
import type { Observation } from '../../../lib/ports/observer.ts';
import { SeededRandomness } from '../../../lib/testing/seeded-randomness.ts';
import { idOf } from '../../support/handler-bench.ts';
import { faultyCommits } from '../faulty-commits.ts';
import { FaultyStore, type StoreParts } from '../faulty-store.ts';
import type { Host } from '../host.ts';
import type { CallsFor, System } from '../system.ts';
import type { World } from '../world.ts';

/** What tells a system by its calls; the shares of ours come to 1. */
export function named(mode: string, calls: CallsFor): Pick<System, 'name' | 'mode' | 'share'> {
  return calls === 'one'
    ? { name: 'kafka-once', mode, share: 0.175 }
    : { name: 'kafka-once', mode: `${mode}, many`, share: 0.1 };
}

type Common = CommonOptions<unknown, Uint8Array>;

/** What handlers of every mode have in common here. */
export function commonOptions(
  world: World,
  host: Host,
): Pick<
  Common,
  'namespace' | 'maxConcurrency' | 'maxAttempts' | 'leaseMs' | 'clockSkewMs' | 'afterDeadLetter' | 'observer' | 'ports'
> {
  const { seed, index, settings } = world.schedule;
  const { maxConcurrency, maxAttempts, leaseMs, clockSkewMs, afterDeadLetter } = settings;
  return {
    namespace: `prove-${seed}-${index}`,
    maxConcurrency,
    maxAttempts,
    leaseMs,
    clockSkewMs,
    afterDeadLetter,
    observer: { observe: (observation) => noteDuplicate(world, host, observation), log: () => undefined },
    ports: {
      clock: host.clock,
      randomness: new SeededRandomness(index * 64 + host.id),
      processExit: { exit: () => host.kill() },
    },
  };
}

/** Tells the world of records that a process takes for duplicates. */
function noteDuplicate(world: World, host: Host, observation: Observation): void {
  if (observation.type !== 'recordEnded' || observation.outcome !== 'duplicate') return;
  world.whenDuplicate?.(observation.coordinates, host);
}

/** The same with what modes have in common that know records by a key. */
export function keyedOptions(
  world: World,
  host: Host,
): ReturnType<typeof commonOptions> &
  Pick<KeyedOptions<unknown, Uint8Array>, 'businessId' | 'ordering' | 'failureReporting' | 'rememberedCompletions'> {
  const { ordering, reports, remembers } = world.schedule.settings;
  return {
    ...commonOptions(world, host),
    businessId: ({ value }) => idOf(value),
    ordering,
    failureReporting: reports ? { report: ['orders'] } : 'throw',
    rememberedCompletions: remembers ? 1_000 : 0,
  };
}

/** A process's way to a store that commits. */
export function transactional(parts: StoreParts, inner: TransactionalStore): TransactionalStore {
  const store = new FaultyStore(parts);
  const { insert, takeOver, renew, complete, release, read, markCompleted } = store;
  return { insert, takeOver, renew, complete, release, read, markCompleted, ...faultyCommits(parts, inner) };
}

/** The modes without claims claim a record that failed, before it is put aside or its attempts are counted. */
export const sitesOfFailures = ['insert', 'takeOver', 'renew', 'complete', 'release', 'markCompleted'] as const;
