import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doneOutcomes, isDone, type Outcome, undoneOutcomes } from '../../../../lib/core/outcome.ts';
import type { ReceivedRecord } from '../../../../lib/core/record.ts';
import { Unit } from '../../../../lib/handler/run/entry.ts';
import { finalOutcomes, summary } from '../../../../lib/handler/run/final-outcomes.ts';

function record(offset: number, timestampMs: number | undefined = undefined): ReceivedRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset,
    timestampMs,
    timestampType: undefined,
    key: null,
    value: null,
    headers: null,
    keySchemaMetadata: undefined,
    valueSchemaMetadata: undefined,
  };
}

function unitOf(outcomes: readonly (Outcome | undefined)[], first = 0): Unit {
  const unit = new Unit(outcomes.map((_, index) => record(first + index, 1_000 - first - index)));
  unit.entries.forEach((entry, index) => {
    const outcome = outcomes[index];
    if (outcome !== undefined) entry.settle(outcome);
  });
  return unit;
}

const outcome = fc.option(fc.constantFrom<Outcome>(...doneOutcomes, ...undoneOutcomes), { nil: undefined });
const units = fc.array(fc.array(outcome, { minLength: 1, maxLength: 10 }), { maxLength: 5 });

describe('finalOutcomes', () => {
  it('holds back what is done behind something undone, so that no acknowledgement passes it', () => {
    const unit = unitOf(['handled', 'failed', 'handled', 'duplicate', 'deadLettered', 'busy']);
    expect([...finalOutcomes([unit]).values()].map((final) => final.outcome)).toEqual([
      'handled',
      'failed',
      'heldBack',
      'heldBack',
      'heldBack',
      'busy',
    ]);
  });

  it('takes a record without an outcome for not attempted', () => {
    expect([...finalOutcomes([unitOf(['handled', undefined])]).values()].map((final) => final.outcome)).toEqual([
      'handled',
      'notAttempted',
    ]);
  });

  it('has one outcome a record, and in each unit the done ones first', () => {
    fc.assert(
      fc.property(units, (all) => {
        const made = all.map((outcomes, index) => unitOf(outcomes, index * 100));
        const finals = finalOutcomes(made);
        expect(finals.size).toBe(all.flat().length);
        for (const unit of made) {
          const done = unit.entries.map((entry) => finals.get(entry.received)?.isDone);
          expect(done).toEqual([...done].sort((a, b) => Number(b) - Number(a)));
          for (const entry of unit.entries) {
            const final = finals.get(entry.received);
            // Nothing is made better than it was.
            if (final?.isDone) expect(entry.outcome !== undefined && isDone(entry.outcome)).toBe(true);
          }
        }
      }),
    );
  });

  it('leaves the outcomes of other units alone', () => {
    const finals = finalOutcomes([unitOf(['failed', 'handled']), unitOf(['handled', 'handled'], 100)]);
    expect([...finals.values()].map((final) => final.outcome)).toEqual(['failed', 'heldBack', 'handled', 'handled']);
  });

  it('keeps the first outcome of a record', () => {
    const unit = unitOf(['failed']);
    unit.entries[0]?.settle('handled');
    expect([...finalOutcomes([unit]).values()]).toEqual([{ outcome: 'failed', isDone: false }]);
  });
});

describe('summary', () => {
  it('counts every record once, and finds the oldest that is not done', () => {
    fc.assert(
      fc.property(units, (all) => {
        const made = all.map((outcomes, index) => unitOf(outcomes, index * 100));
        const records = made.flatMap((unit) => unit.entries.map((entry) => entry.received));
        const finals = finalOutcomes(made);
        const { outcomes, oldestUndoneTimestampMs } = summary(records, finals);
        expect(Object.values(outcomes).reduce((a, b) => a + b, 0)).toBe(records.length);
        const undone = records.filter((one) => !finals.get(one)?.isDone).map((one) => one.timestampMs ?? Number.NaN);
        expect(oldestUndoneTimestampMs).toBe(undone.length === 0 ? undefined : Math.min(...undone));
      }),
    );
  });

  it('has no oldest where undone records have no timestamp', () => {
    const unit = new Unit([record(1)]);
    expect(summary([record(1)], finalOutcomes([unit])).oldestUndoneTimestampMs).toBeUndefined();
  });
});
