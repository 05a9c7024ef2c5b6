import { describe, expect, it } from 'vitest';
import { measure, metricTable } from '../../../lib/core/observe/metrics.ts';
import { observations, undoneInvocation } from './observations.ts';

const nowMs = Date.UTC(2026, 0, 1, 0, 1);

describe('the metric table', () => {
  it('has exactly the metrics that observations lead to, each from the observation it names', () => {
    const seen = new Map<string, string>();
    for (const observation of observations) {
      for (const { name } of measure(observation, nowMs)) seen.set(name, observation.type);
    }
    const listed = Object.entries(metricTable).map(([name, { from }]) => [name, from]);
    expect([...seen].sort()).toEqual(listed.sort());
  });

  it('has a dimension exactly where a measurement carries one', () => {
    for (const observation of observations) {
      for (const { name, reason } of measure(observation, nowMs)) {
        expect(reason !== undefined, name).toBe(metricTable[name].dimension !== undefined);
      }
    }
  });
});

describe('measure', () => {
  it('counts what is not done and how old it is', () => {
    const values = Object.fromEntries(measure(undoneInvocation, nowMs).map(({ name, value }) => [name, value]));
    expect(values).toEqual({
      RecordsHandled: 5,
      RecordsDuplicate: 2,
      RecordsDeadLettered: 1,
      RecordsFailed: 1,
      RecordsBusy: 1,
      RecordsHeldBack: 2,
      RecordsNotAttempted: 3,
      RecordsUndone: 7,
      InvocationDuration: 120,
      OldestUndoneAge: 60,
    });
  });

  it.each([
    ['no timestamp', undefined, undefined],
    ['a timestamp ahead of our clock', nowMs + 5000, 0],
  ])('takes an undone record with %s for no age below 0', (_name, oldestUndoneTimestampMs, age) => {
    const ended = { ...undoneInvocation, oldestUndoneTimestampMs };
    if (ended.type !== 'invocationEnded') throw new Error('the fixture is of another type');
    expect(measure(ended, nowMs).find(({ name }) => name === 'OldestUndoneAge')?.value).toBe(age);
  });
});
