import type { Observation } from '../../ports/observer.ts';
import { doneOutcomes, type Outcome, undoneOutcomes } from '../outcome.ts';
import { countUndone, oldestUndoneAgeSeconds } from './oldest-undone-age.ts';

/** Units of CloudWatch that the metrics use. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds';

/** One row of the metric table. */
export interface MetricDefinition {
  readonly unit: MetricUnit;
  /** The observation it is made from. */
  readonly from: Observation['type'];
  /** Its dimension, with a bounded set of values; undefined for none. */
  readonly dimension: 'reason' | undefined;
  readonly meaning: string;
}

/** The names of the metrics. */
export type MetricName =
  | 'RecordsReceived'
  | 'RecordsHandled'
  | 'RecordsDuplicate'
  | 'RecordsDeadLettered'
  | 'RecordsFailed'
  | 'RecordsBusy'
  | 'RecordsHeldBack'
  | 'RecordsNotAttempted'
  | 'RecordsUndone'
  | 'OldestUndoneAge'
  | 'InvocationDuration'
  | 'HandlerDuration'
  | 'DeadLetters'
  | 'DeadLetterFailures'
  | 'LeaseTakeovers'
  | 'LeasesLost'
  | 'FallbackKeys'
  | 'FingerprintMismatches'
  | 'ResultsNotStored'
  | 'EffectsSkipped'
  | 'HandledUnprotected'
  | 'HandlersUnsettled'
  | 'StoreFailures'
  | 'Warnings';

/**
 * Every metric there is, by name. Alarms and dashboards are made from it; a name, once published, stays.
 *
 * Those from `invocationEnded` are sent for every invocation, with 0 where nothing happened (`OldestUndoneAge` is left out
 * where records are not done but have no timestamp); the others are sent when they happen.
 */
export const metricTable: Readonly<Record<MetricName, MetricDefinition>> = {
  RecordsReceived: count('invocationStarted', 'Records in the event.'),
  RecordsHandled: count('invocationEnded', 'Records whose handler resolved and whose completion is confirmed.'),
  RecordsDuplicate: count('invocationEnded', 'Records that a completed marker proves to be duplicates.'),
  RecordsDeadLettered: count('invocationEnded', 'Records stored durably as dead letters.'),
  RecordsFailed: count('invocationEnded', 'Records whose handler, or a part it needs, failed.'),
  RecordsBusy: count('invocationEnded', 'Records that another live owner holds.'),
  RecordsHeldBack: count('invocationEnded', 'Records behind one of their ordering unit that is not done.'),
  RecordsNotAttempted: count('invocationEnded', 'Records that no time was left for.'),
  RecordsUndone: count('invocationEnded', 'Records that Lambda is asked to deliver again: the four above together.'),
  OldestUndoneAge: row('Seconds', 'invocationEnded', 'Age of the oldest record that is not done; 0 if all are.'),
  InvocationDuration: row('Milliseconds', 'invocationEnded', 'From the event to the answer.'),
  HandlerDuration: row('Milliseconds', 'recordEnded', 'One call of the handler.'),
  DeadLetters: row('Count', 'deadLettered', 'Dead letters by the reason for them.', 'reason'),
  DeadLetterFailures: count('deadLetterFailed', 'Dead letters that could not be stored; their records are failed.'),
  LeaseTakeovers: count('leaseTakenOver', 'Claims taken over from an owner that ended without a sign.'),
  LeasesLost: count('leaseLost', 'Claims lost before their completion: their effect may happen twice.'),
  FallbackKeys: count('fallbackKey', 'Records without a business ID, known by their coordinates only.'),
  FingerprintMismatches: count('fingerprintMismatch', 'Records with the business ID of another payload.'),
  ResultsNotStored: count('resultNotStored', 'Results that the store cannot hold; their effects are marked.'),
  EffectsSkipped: count('effectsSkipped', "Records whose effects were skipped by `onConditionFailed: 'skip'`."),
  HandledUnprotected: count('handledUnprotected', 'Records handled without a claim while the store was down.'),
  HandlersUnsettled: count('handlerUnsettled', 'Handlers that ignored their abort signal at the deadline.'),
  StoreFailures: count('storeFailed', 'Operations that the idempotency store could not carry out.'),
  Warnings: count('warning', 'Warnings, for instance about a setting that cannot take effect.'),
};

/** A value of a metric. */
export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
  /** Value of the dimension, for a metric that has one. */
  readonly reason?: string;
}

/** What an observation adds to the metrics; `nowMs` is epoch milliseconds, for ages. */
export function measure(observation: Observation, nowMs: number): readonly Measurement[] {
  switch (observation.type) {
    case 'invocationStarted':
      return [{ name: 'RecordsReceived', value: observation.records }];
    case 'invocationEnded':
      return measureInvocation(observation, nowMs);
    case 'recordEnded':
      return observation.handlerDurationMs === undefined
        ? []
        : [{ name: 'HandlerDuration', value: observation.handlerDurationMs }];
    case 'deadLettered':
      return [{ name: 'DeadLetters', value: 1, reason: observation.reason }];
    default:
      return [{ name: counterOf[observation.type], value: 1 }];
  }
}

const counterOf = {
  deadLetterFailed: 'DeadLetterFailures',
  leaseTakenOver: 'LeaseTakeovers',
  leaseLost: 'LeasesLost',
  fallbackKey: 'FallbackKeys',
  fingerprintMismatch: 'FingerprintMismatches',
  resultNotStored: 'ResultsNotStored',
  effectsSkipped: 'EffectsSkipped',
  handledUnprotected: 'HandledUnprotected',
  handlerUnsettled: 'HandlersUnsettled',
  storeFailed: 'StoreFailures',
  warning: 'Warnings',
} as const satisfies Readonly<Record<string, MetricName>>;

const outcomeMetrics: Readonly<Record<Outcome, MetricName>> = {
  handled: 'RecordsHandled',
  duplicate: 'RecordsDuplicate',
  deadLettered: 'RecordsDeadLettered',
  failed: 'RecordsFailed',
  busy: 'RecordsBusy',
  heldBack: 'RecordsHeldBack',
  notAttempted: 'RecordsNotAttempted',
};

function measureInvocation(
  ended: Extract<Observation, { type: 'invocationEnded' }>,
  nowMs: number,
): readonly Measurement[] {
  const measurements: Measurement[] = [];
  for (const outcome of [...doneOutcomes, ...undoneOutcomes]) {
    measurements.push({ name: outcomeMetrics[outcome], value: ended.outcomes[outcome] });
  }
  measurements.push({ name: 'RecordsUndone', value: countUndone(ended.outcomes) });
  measurements.push({ name: 'InvocationDuration', value: ended.durationMs });
  const age = oldestUndoneAgeSeconds(ended, nowMs);
  if (age !== undefined) measurements.push({ name: 'OldestUndoneAge', value: age });
  return measurements;
}

function count(from: Observation['type'], meaning: string): MetricDefinition {
  return row('Count', from, meaning);
}

function row(
  unit: MetricUnit,
  from: Observation['type'],
  meaning: string,
  dimension?: MetricDefinition['dimension'],
): MetricDefinition {
  return { unit, from, dimension, meaning };
}
