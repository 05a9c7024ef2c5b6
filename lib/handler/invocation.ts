import { batchResponse, type KafkaBatchResponse, undoneRecordsError } from '../core/answer/batch-response.ts';
import { type FailureReporting, mayReport } from '../core/answer/failure-reporting.ts';
import { leaseTerms } from '../core/claim/lease.ts';
import { formatCoordinates } from '../core/coordinates.ts';
import { receiveEvent } from '../core/event/receive-event.ts';
import { type Ordering, orderingUnits } from '../core/ordering/ordering.ts';
import type { ReceivedRecord } from '../core/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { Observer } from '../ports/observer.ts';
import type { ProcessExit } from '../ports/process-exit.ts';
import type { Randomness } from '../ports/randomness.ts';
import { Acquirer } from './claims/acquirer.ts';
import type { ClaimSettings, ClaimTerms } from './claims/claim-terms.ts';
import type { CompletionCache } from './claims/completion-cache.ts';
import { Completions } from './claims/completions.ts';
import { Holds } from './claims/holds.ts';
import { LeaseKeeper } from './claims/lease-keeper.ts';
import { Releases } from './claims/releases.ts';
import { isLambdaContext, remainingMs } from './lambda-context.ts';
import type { PreparedIn } from './prepare.ts';
import { DeadLetters } from './run/dead-letters.ts';
import { type Entry, type Prepared, Unit } from './run/entry.ts';
import { finalOutcomes, summary } from './run/final-outcomes.ts';
import type { GiveUpPolicy } from './run/give-up.ts';
import { HandlerPace } from './run/handler-pace.ts';
import { settleInTime } from './run/settle-in-time.ts';
import type { SharedParts, StartMode } from './run/shared-parts.ts';
import { Slots } from './run/slots.ts';
import { TimeBudget } from './run/time-budget.ts';

/** What all invocations of one handler share; nothing in it changes but the cache. */
export interface InvocationSetup {
  readonly startMode: StartMode;
  readonly ordering: Ordering;
  readonly failureReporting: FailureReporting;
  readonly settings: ClaimSettings;
  readonly giveUp: GiveUpPolicy;
  readonly onFingerprintMismatch: 'reject' | 'fail' | 'skip';
  readonly namespace: string;
  readonly clusterLabel: string;
  readonly store: IdempotencyStore;
  readonly deadLetters: DeadLetterSink | undefined;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly processExit: ProcessExit;
  readonly cache: CompletionCache;
  readonly prepare: (received: ReceivedRecord, invocation: PreparedIn) => Promise<Prepared>;
}

/**
 * One invocation, from event to answer.
 *
 * Throws `MalformedEventError` before anything is handled, and `UndoneRecordsError` where reports are not granted.
 */
export async function runInvocation(
  event: unknown,
  context: unknown,
  setup: InvocationSetup,
): Promise<KafkaBatchResponse> {
  const records = receiveEvent(event);
  const units = orderingUnits(records, setup.ordering).map((unit) => new Unit(unit));
  const parts = sharedParts(context, setup);
  const mode = setup.startMode(units, parts);
  const { observer, clock } = setup;
  const { budget } = parts.terms;
  observer.observe({ type: 'invocationStarted', records: records.length, units: units.length });
  let ended: readonly PromiseSettledResult<void>[];
  try {
    ended = await Promise.allSettled(units.map((unit) => mode.run(unit)));
    await mode.end();
  } finally {
    parts.leases.stop();
    budget.dispose();
  }
  const outcomes = finalOutcomes(units);
  observer.observe({
    type: 'invocationEnded',
    durationMs: Math.max(0, clock.nowMs() - budget.startedAtMs),
    fallbackKeys: units.flatMap((unit) => unit.entries).filter((entry) => entry.prepared?.lacksBusinessId).length,
    ...summary(records, outcomes),
  });
  endProcessIfUnsettled(parts.unsettled, setup.processExit);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  const undone = records.filter((record) => outcomes.get(record)?.isDone !== true);
  const topics = new Set(records.map((record) => record.topic));
  if (undone.length === 0 || mayReport(setup.failureReporting, topics)) return batchResponse(undone);
  throw undoneRecordsError(undone, records.length);
}

function sharedParts(context: unknown, setup: InvocationSetup): SharedParts {
  const { settings, store, clock, randomness, observer } = setup;
  const remaining = remainingMs(context);
  if (remaining === undefined) {
    observer.observe({ type: 'warning', message: 'called without a Lambda context: there is no time budget' });
  }
  const budget = new TimeBudget(clock, remaining);
  const lease = leaseTerms(settings.leaseMs, budget.startedAtMs, remaining);
  const terms: ClaimTerms = { settings, store, clock, randomness, observer, lease, budget };
  const leases = new LeaseKeeper(terms);
  const releases = new Releases(terms, leases);
  const completions = new Completions(terms, leases, setup.cache);
  const holds = new Holds(terms, releases);
  const acquirer = new Acquirer({ terms, leases, releases, holds, cache: setup.cache });
  const lambdaContext = isLambdaContext(context) ? context : undefined;
  // A decoder that hangs must neither keep its neighbours from being handled nor be tried for ever.
  const inTime: PreparedIn['inTime'] = (work, what) =>
    settleInTime(work, clock, budget.untilNoMoreStartsMs() / 2, what);
  const prepare = (entry: Entry): Promise<Prepared> => setup.prepare(entry.received, { lambdaContext, inTime });
  const { deadLetters: sink, namespace, clusterLabel, giveUp, onFingerprintMismatch } = setup;
  return {
    terms,
    acquirer,
    holds,
    leases,
    completions,
    releases,
    cache: setup.cache,
    slots: new Slots(settings.maxConcurrency),
    pace: new HandlerPace(),
    giveUp,
    onFingerprintMismatch,
    deadLetters:
      sink === undefined
        ? undefined
        : new DeadLetters({ sink, terms, completions, releases, holds, namespace, clusterLabel }),
    lambdaContext,
    prepare,
    unsettled: [],
  };
}

/** An answer would freeze the environment with the work in it, to go on beside or after a redelivery. */
function endProcessIfUnsettled(unsettled: readonly Entry[], processExit: ProcessExit): void {
  const [first] = unsettled;
  if (first === undefined) return;
  const where = formatCoordinates(first.received);
  const reason = `the handler of ${where} ignored its AbortSignal: the process ends, so that it cannot go on after the answer`;
  processExit.exit(reason);
  throw new Error(reason);
}
