import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../lib/core/esm/answer.ts';
import { type Batch, newBatch, toDeliver } from '../../../lib/core/esm/batch.ts';
import { planAfter } from '../../../lib/core/esm/retry.ts';

interface At {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

function records(partition: number, offsets: readonly number[]): At[] {
  return offsets.map((offset) => ({ topic: 'orders', partition, offset }));
}

function offsetsOf(batch: Batch<At> | undefined): Record<string, number[]> {
  const lists = batch === undefined ? [] : [...toDeliver(batch)];
  return Object.fromEntries(lists.map(([name, list]) => [name, list.map(({ offset }) => offset)]));
}

const batch = newBatch(
  new Map([
    ['orders-0', records(0, [5, 6, 8, 9])],
    ['orders-1', records(1, [70])],
  ]),
);
const failed: Verdict = { kind: 'failed', because: 'functionError', detail: 'Error' };
const partial: Verdict = { kind: 'partial', failures: new Map([['orders-0', new Set([6, 9])]]) };
const named = { maximumRetryAttempts: -1, partialResponseReading: 'named' } as const;
const fromLowest = { maximumRetryAttempts: -1, partialResponseReading: 'fromLowest' } as const;

describe('after a delivery', () => {
  it('success commits one past the last record of each topic-partition', () => {
    const plan = planAfter(batch, { kind: 'done' }, named);
    expect(plan).toEqual({
      commits: new Map([
        ['orders-0', 10],
        ['orders-1', 71],
      ]),
      dropped: [],
      retry: undefined,
    });
  });

  it('an error delivers everything again and commits nothing', () => {
    const plan = planAfter(batch, failed, named);
    expect(plan.commits.size).toBe(0);
    expect(offsetsOf(plan.retry)).toEqual({ 'orders-0': [5, 6, 8, 9], 'orders-1': [70] });
    expect(plan.retry?.failedTries).toBe(1);
  });

  it('a throttle delivers everything again and counts no try', () => {
    expect(planAfter(batch, { kind: 'notInvoked', reason: 'throttled' }, named).retry).toBe(batch);
  });

  it("a partial failure read as 'named' delivers the named again and commits up to the first of them", () => {
    const plan = planAfter(batch, partial, named);
    expect(offsetsOf(plan.retry)).toEqual({ 'orders-0': [6, 9] });
    expect(Object.fromEntries(plan.commits)).toEqual({ 'orders-0': 6, 'orders-1': 71 });
  });

  it("a partial failure read as 'fromLowest' delivers again from the lowest named on", () => {
    const plan = planAfter(batch, partial, fromLowest);
    expect(offsetsOf(plan.retry)).toEqual({ 'orders-0': [6, 8, 9] });
    expect(Object.fromEntries(plan.commits)).toEqual({ 'orders-0': 6, 'orders-1': 71 });
  });

  it('what was named done stays done when its retry fails as a whole', () => {
    const first = planAfter(batch, partial, named);
    if (first.retry === undefined) {
      throw new Error('a retry expected');
    }
    const second = planAfter(first.retry, failed, named);
    expect(offsetsOf(second.retry)).toEqual({ 'orders-0': [6, 9] });
    expect(second.commits.size).toBe(0);
    const third = planAfter(first.retry, { kind: 'partial', failures: new Map([['orders-0', new Set([9])]]) }, named);
    expect(Object.fromEntries(third.commits)).toEqual({ 'orders-0': 9 });
  });

  it.each([
    [0, 1],
    [2, 3],
  ])('%i retries are %i tries; then the undone is dropped and committed', (maximumRetryAttempts, tries) => {
    let current: Batch<At> | undefined = batch;
    let invocations = 0;
    let plan = planAfter(batch, { kind: 'notInvoked', reason: 'throttled' }, named);
    while (current !== undefined) {
      invocations += 1;
      plan = planAfter(current, failed, { ...named, maximumRetryAttempts });
      current = plan.retry;
    }
    expect(invocations).toBe(tries);
    expect(plan.dropped.map(({ offset }) => offset)).toEqual([5, 6, 8, 9, 70]);
    expect(Object.fromEntries(plan.commits)).toEqual({ 'orders-0': 10, 'orders-1': 71 });
  });

  it('without retries a partial failure drops the named only', () => {
    const plan = planAfter(batch, partial, { ...named, maximumRetryAttempts: 0 });
    expect(plan.dropped.map(({ offset }) => offset)).toEqual([6, 9]);
    expect(plan.retry).toBeUndefined();
  });
});
