import { isDone, type Outcome } from '../../core/outcome.ts';
import type { ReceivedRecord } from '../../core/record.ts';
import type { Unit } from './entry.ts';

/** The outcome that a record is reported with. */
export interface FinalOutcome {
  readonly outcome: Outcome;
  readonly isDone: boolean;
}

/**
 * The outcomes of all records, in the order of their units.
 *
 * What is done behind a record that turned out undone (its completion failed while the next were handled) is held back,
 * so that an acknowledgement never passes an undone record of its unit. At the redelivery it is a duplicate.
 */
export function finalOutcomes(units: readonly Unit[]): ReadonlyMap<ReceivedRecord, FinalOutcome> {
  const outcomes = new Map<ReceivedRecord, FinalOutcome>();
  for (const unit of units) {
    let isBehindUndone = false;
    for (const entry of unit.entries) {
      const own: Outcome = entry.outcome ?? 'notAttempted';
      const outcome: Outcome = isBehindUndone && isDone(own) ? 'heldBack' : own;
      outcomes.set(entry.received, { outcome, isDone: isDone(outcome) });
      isBehindUndone ||= !isDone(outcome);
    }
  }
  return outcomes;
}

export interface Summary {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly oldestUndoneTimestampMs: number | undefined;
}

export function summary(
  records: readonly ReceivedRecord[],
  outcomes: ReadonlyMap<ReceivedRecord, FinalOutcome>,
): Summary {
  const counts: Record<Outcome, number> = { ...noOutcomes };
  let oldest: number | undefined;
  for (const record of records) {
    const final = outcomes.get(record) ?? { outcome: 'notAttempted', isDone: false };
    counts[final.outcome] += 1;
    if (final.isDone || record.timestampMs === undefined) continue;
    oldest = Math.min(oldest ?? record.timestampMs, record.timestampMs);
  }
  return { outcomes: counts, oldestUndoneTimestampMs: oldest };
}

const noOutcomes: Readonly<Record<Outcome, number>> = {
  handled: 0,
  duplicate: 0,
  deadLettered: 0,
  failed: 0,
  busy: 0,
  heldBack: 0,
  notAttempted: 0,
};
