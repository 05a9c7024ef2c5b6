import { describe, expect, it } from 'vitest';

import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { type BenchRecord, HandlerBench, lambdaEvent } from '../../../support/handler-bench.ts';

const orderings = ['partition', 'key', 'none'] as const;

/** The same order, many times: over `partitions` topic-partitions, each with two Kafka keys. */
function sameOrder(
  count: number,
  partitions: number,
  payload: (offset: number) => string = () => 'same',
): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({
    partition: offset % partitions,
    offset,
    id: 'order',
    key: offset % 3 === 0 ? 'a' : 'b',
    payload: payload(offset),
  }));
}

/** A handler whose first call fails. */
function throwsOnce(error: Error): () => void {
  let isFirst = true;
  return () => {
    if (!isFirst) return;
    isFirst = false;
    throw error;
  };
}

describe.each(orderings)("one business ID many times in a batch, ordering '%s'", (ordering) => {
  it.each([
    [2, 1],
    [2, 2],
    [500, 1],
    [500, 7],
  ])('%i records in %i partitions are one claim and one call', async (count, partitions) => {
    const bench: HandlerBench = new HandlerBench(
      () => new Promise<void>((resolve) => bench.clock.schedule(20, resolve)),
      { ordering, rememberedCompletions: 0 },
    );
    expect(await bench.invoke(sameOrder(count, partitions))).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(1);
    expect(bench.store.count('insert').items + bench.store.count('takeOver').items).toBe(1);
    const outcomes = [...bench.outcomes().values()];
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(count - 1);
    expect(bench.clock.pending).toBe(0);
  });

  it('each claims for itself after the first failed', async () => {
    const bench = new HandlerBench(throwsOnce(new Error('not now')), { ordering });
    const answer = await bench.invoke(sameOrder(6, 2));
    expect(bench.handlings.map(({ attempts }) => attempts)).toEqual([1, 2]);
    const failed = [...bench.outcomes()].filter(([, outcome]) => outcome === 'failed').map(([place]) => place);
    expect(failed).toEqual(['orders-0@0']);
    expect('undone' in answer && answer.undone).toContain('orders-0@0');
    expect([...bench.outcomes().values()].filter((outcome) => outcome === 'handled')).toHaveLength(1);
  });

  it('each claims for itself after the first was dead-lettered', async () => {
    const bench = new HandlerBench(throwsOnce(new UnprocessableRecordError('no use')), { ordering });
    expect(await bench.invoke(sameOrder(6, 2))).toEqual({ undone: [] });
    expect(bench.handlings).toHaveLength(2);
    expect(bench.deadLetters.letters).toHaveLength(1);
    expect([...bench.outcomes().values()].sort()).toEqual([
      'deadLettered',
      'duplicate',
      'duplicate',
      'duplicate',
      'duplicate',
      'handled',
    ]);
  });

  it('those behind one that was dead-lettered at an earlier delivery are handled', async () => {
    const bench = new HandlerBench(throwsOnce(new UnprocessableRecordError('no use')), { ordering });
    const [first = { offset: 0 }, ...others] = sameOrder(4, 2);
    expect(await bench.invoke([first])).toEqual({ undone: [] });
    expect(await bench.invoke([first, ...others])).toEqual({ undone: [] });
    expect(bench.handlings.map((handling) => handling.at)).toEqual(['orders-0@0', expect.not.stringMatching(/@0$/)]);
    expect(bench.outcomes().get('orders-0@0')).toBe('duplicate');
    expect([...bench.outcomes().values()].filter((outcome) => outcome === 'handled')).toHaveLength(1);
    expect(bench.store.peek(keyOf(first))?.status).toBe('COMPLETED');
  });

  it('those with another payload are rejected, each once over all deliveries, and the others are duplicates', async () => {
    const bench = new HandlerBench(() => undefined, { ordering });
    const batch = sameOrder(8, 2, (offset) => (offset === 2 || offset === 5 ? 'other' : 'same'));
    for (let delivery = 0; delivery < 3; delivery += 1) {
      expect(await bench.invoke(batch)).toEqual({ undone: [] });
    }
    expect(bench.handlings).toHaveLength(1);
    expect(bench.deadLetters.letters.map(({ record, reason }) => [record.offset, reason]).sort()).toEqual([
      [2, 'fingerprintMismatch'],
      [5, 'fingerprintMismatch'],
    ]);
    expect(bench.store.peek(keyOf({ offset: 0, id: 'order' }))?.status).toBe('COMPLETED');
  });
});

describe('a record that follows another one with its ID', () => {
  it('keeps the claims of its unit when the other is a duplicate already', async () => {
    const bench = new HandlerBench(() => undefined, { rememberedCompletions: 0 });
    const batch = [...sameOrder(2, 1), ...Array.from({ length: 10 }, (_, at) => ({ offset: 2 + at, id: at }))];
    await bench.invoke(batch);
    const before = bench.store.count('release').items;
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(bench.store.count('release').items).toBe(before);
  });

  it('waits for the confirmation, not only for the handler', async () => {
    const bench = new HandlerBench(
      () => undefined,
      { ordering: 'none' },
      {},
      { faults: (op) => (op === 'complete' ? 'throttle' : undefined) },
    );
    const answer = await bench.invoke(sameOrder(3, 1), 10_000);
    expect(answer).toEqual({ undone: ['orders-0@0', 'orders-0@1', 'orders-0@2'] });
    expect(bench.handlings).toHaveLength(1);
  });

  it('goes first itself when the other stands behind a record that waits for another invocation', async () => {
    const bench: HandlerBench = new HandlerBench(() => undefined, {});
    const { clock, store } = bench;
    const other = new HandlerBench(
      () => new Promise<void>((resolve) => clock.schedule(20_000, resolve)),
      {},
      { clock, store, seed: 2 },
    );
    const taken: BenchRecord = { partition: 0, offset: 0, id: 'taken' };
    const waits: BenchRecord = { partition: 0, offset: 1, id: 'order' };
    const free: BenchRecord = { partition: 1, offset: 0, id: 'free' };
    const follows: BenchRecord = { partition: 1, offset: 1, id: 'order' };
    const theirs = other.start(lambdaEvent([taken]));
    await clock.settle();
    const ours = bench.start(lambdaEvent([taken, waits, free, follows]));
    await clock.advance(5_000);
    expect(bench.outcomes().get('orders-1@1')).toBe('handled');
    expect(await clock.runUntilSettled(Promise.all([theirs, ours]))).toEqual([{ undone: [] }, { undone: [] }]);
    expect(bench.handlings.map(({ id }) => id)).toEqual(['free', 'order']);
  });
});
