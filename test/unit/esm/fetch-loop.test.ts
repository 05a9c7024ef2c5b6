import { describe, expect, it, onTestFinished } from 'vitest';
import { Assignment } from '../../../lib/local/esm/assignment.ts';
import { FetchLoop } from '../../../lib/local/esm/fetch-loop.ts';
import { retryDelay } from '../../../lib/local/esm/retry-delay.ts';
import { Signal } from '../../../lib/local/esm/signal.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { FakeSource } from './fake-source.ts';

/** A fetch loop that runs from its start to the end of the test; nobody empties the queues. */
async function fetchLoopOf(ends: Readonly<Record<number, number>>) {
  const clock = new FakeClock();
  const source = new FakeSource(clock, ends);
  const progress = new Signal();
  const stopping = new Signal();
  let isStopping = false;
  const enqueued: string[] = [];
  const troubles: unknown[] = [];
  const common = {
    source,
    clock,
    stopping,
    retryDelayMs: retryDelay({}),
    isStopping: () => isStopping,
    onTrouble: (error: unknown) => troubles.push(error),
  };
  const assignment = new Assignment({ ...common, onReleased: () => {}, onTaken: () => progress.raise() });
  await source.open({ onRebalanced: (kept) => void assignment.follow(kept), onTrouble: () => {} });
  await assignment.taken;
  const loop = new FetchLoop({
    ...common,
    assignment,
    pollerOf: (partition) => partition % 2,
    shape: { source: { eventSource: 'SelfManagedKafka' }, bootstrapServers: 'broker:9092' },
    progress,
    onPolled: (partition, records) => enqueued.push(`${partition}: ${records}`),
  });
  const start = (): void => {
    const running = loop.run();
    onTestFinished(async () => {
      isStopping = true;
      stopping.raise();
      progress.raise();
      await clock.runUntilSettled(running);
    });
  };
  const waiting = (partition: number): number[] | undefined =>
    assignment.queueOf(partition)?.waiting.map(({ offset }) => offset);
  return { clock, source, assignment, enqueued, troubles, waiting, start };
}

describe('the fetch loop', () => {
  it('puts each record into the queue of its partition once', async () => {
    const { clock, enqueued, waiting, start } = await fetchLoopOf({ 0: 3, 1: 2 });
    start();
    await clock.advance(1_000);
    expect([waiting(0), waiting(1)]).toEqual([
      [0, 1, 2],
      [0, 1],
    ]);
    expect(enqueued).toEqual(['0: 3', '1: 2']);
  });

  it('drops what it fetched for a partition that went meanwhile', async () => {
    const { clock, source, assignment, enqueued, waiting, start } = await fetchLoopOf({ 0: 3, 1: 2 });
    const answer = source.holdFetches();
    start();
    const gone = assignment.queueOf(0);
    source.assign([1]);
    await clock.settle();
    answer();
    await clock.advance(1_000);
    expect(gone?.waiting).toEqual([]);
    expect([enqueued, waiting(1)]).toEqual([['1: 2'], [0, 1]]);
  });

  it('drops what it fetched for a partition that went and came back at another position', async () => {
    const { clock, source, enqueued, waiting, start } = await fetchLoopOf({ 0: 3 });
    const answer = source.holdFetches();
    start();
    source.assign([]);
    source.committed.set(0, 2);
    source.assign([0]);
    await clock.settle();
    answer();
    await clock.advance(1_000);
    expect(waiting(0)).toEqual([2]);
    expect(enqueued).toEqual(['0: 1']);
  });

  it('waits while it has no partition, and reads those that come', async () => {
    const { clock, source, waiting, start } = await fetchLoopOf({ 0: 3 });
    source.assign([]);
    await clock.settle();
    start();
    await clock.advance(1_000);
    expect(clock.pending).toBe(0);
    source.assign([0]);
    await clock.settle();
    expect(waiting(0)).toEqual([0, 1, 2]);
  });

  it('leaves alone the partitions of a poller that has enough waiting, but for those with none', async () => {
    const { clock, source, assignment, start } = await fetchLoopOf({ 0: 0, 1: 0, 2: 0 });
    const record = { topic: 'orders', partition: 0, offset: 0, json: '', jsonBytes: 12 * 1024 * 1024, polledAtMs: 0 };
    assignment.queueOf(0)?.push([record], 1);
    const asked: number[][] = [];
    const fetch = source.fetch.bind(source);
    source.fetch = (positions) => {
      asked.push([...positions.keys()].sort());
      return fetch(positions);
    };
    start();
    await clock.settle();
    assignment.queueOf(0)?.take(1);
    await clock.advance(100);
    expect(asked).toEqual([
      [1, 2],
      [0, 1, 2],
    ]);
  });

  it('fetches again, later each time, from where it was', async () => {
    const { clock, source, enqueued, troubles, start } = await fetchLoopOf({ 0: 3 });
    const fetch = source.fetch.bind(source);
    source.fetch = () => Promise.reject(new Error('no leader'));
    start();
    await clock.advance(299);
    expect(troubles).toHaveLength(2);
    source.fetch = fetch;
    await clock.advance(1);
    expect(enqueued).toEqual(['0: 3']);
  });

  it('moves a position that the topic does not have, unless the partition came back at another meanwhile', async () => {
    const { clock, source, assignment, enqueued, waiting, start } = await fetchLoopOf({ 0: 9, 1: 9 });
    const fetch = source.fetch.bind(source);
    source.fetch = () => Promise.reject(Object.assign(new Error('gone'), { apiId: 'OFFSET_OUT_OF_RANGE' }));
    source.validPositions = async (positions) => {
      source.fetch = fetch;
      source.assign([1]);
      source.committed.set(0, 7);
      source.assign([0, 1]);
      await assignment.taken;
      return new Map([...positions.keys()].map((partition) => [partition, 5]));
    };
    start();
    await clock.advance(1_000);
    expect(enqueued.sort()).toEqual(['0: 2', '1: 4']);
    expect([waiting(0), waiting(1)]).toEqual([
      [7, 8],
      [5, 6, 7, 8],
    ]);
  });
});
