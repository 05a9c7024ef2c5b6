import type { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { everyMode } from '../../../../lib/handler/commit/every-mode.ts';
import type { EffectContext } from '../../../../lib/handler/handler-context.ts';
import { runInvocation } from '../../../../lib/handler/invocation.ts';
import type { StartMode } from '../../../../lib/handler/run/shared-parts.ts';
import { setupOf } from '../../../../lib/handler/setup.ts';
import type { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { SeededRandomness } from '../../../../lib/testing/seeded-randomness.ts';
import { type BenchKafkaRecord, type BenchRecord, lambdaEvent } from '../../../support/handler-bench.ts';

export interface OwnMode {
  readonly startMode: StartMode;
  readonly store: MemoryStore;
  readonly clock: FakeClock;
  readonly handle?: (record: Pick<BenchKafkaRecord, 'topic' | 'partition' | 'offset'>, context: EffectContext) => void;
}

/** Runs an invocation in a mode that a test puts together, to have one of its parts by itself. */
export async function invokeOwnMode(
  { startMode, store, clock, handle = () => undefined }: OwnMode,
  records: readonly BenchRecord[],
): Promise<unknown> {
  const setup = setupOf(
    {
      mode: 'position',
      namespace: 'bench',
      store,
      observer: { observe: () => undefined, log: () => undefined },
      ports: { clock, randomness: new SeededRandomness(1), processExit: { exit: () => undefined } },
      handle,
    },
    {},
    { ...everyMode, start: () => ({ store, startMode }) },
  );
  const context = { getRemainingTimeInMillis: () => 60_000 };
  return await clock.runUntilSettled(runInvocation(lambdaEvent(records), context, setup));
}
