import { describe, expect, it } from 'vitest';
import { Assignment } from '../../../lib/local/esm/assignment.ts';
import { retryDelay } from '../../../lib/local/esm/retry-delay.ts';
import { Signal } from '../../../lib/local/esm/signal.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';
import { FakeSource } from './fake-source.ts';

/** An assignment that nothing follows yet, and what it tells. */
function assignmentOf(ends: Readonly<Record<number, number>>) {
  const clock = new FakeClock();
  const source = new FakeSource(clock, ends);
  const stopping = new Signal();
  const state = { stopping: false };
  const log: string[] = [];
  const assignment = new Assignment({
    source,
    clock,
    retryDelayMs: retryDelay({}),
    stopping,
    isStopping: () => state.stopping,
    onReleased: (partition) => log.push(`released ${partition}`),
    onTaken: (partitions) => log.push(`taken ${partitions}`),
    onTrouble: (error) => log.push(String(error)),
  });
  const follow = (partitions: readonly number[]): Promise<void> => {
    source.assigned = partitions;
    return assignment.follow(partitions);
  };
  return { clock, source, stopping, state, log, assignment, follow };
}

describe('the assignment', () => {
  it('begins each partition where the group is, and keeps the queues of those that stay', async () => {
    const { source, log, assignment, follow } = assignmentOf({ 0: 9, 1: 9, 2: 9 });
    source.committed.set(1, 7);
    await follow([0, 1]);
    const before = assignment.queueOf(1);
    await follow([1, 2]);
    expect(assignment.queues.map(({ partition, nextOffset }) => [partition, nextOffset])).toEqual([
      [1, 7],
      [2, 0],
    ]);
    expect(assignment.queueOf(1)).toBe(before);
    expect(log).toEqual(['taken 0,1', 'released 0', 'taken 1,2']);
  });

  it('gives up what has gone before it asks for anything', async () => {
    const { log, assignment, follow } = assignmentOf({ 0: 9 });
    await follow([0]);
    const gone = assignment.queueOf(0);
    const following = follow([]);
    expect([gone?.owned, assignment.queues, log.at(-1)]).toEqual([false, [], 'released 0']);
    await following;
  });

  it('lets only what it still has be committed, also when the partition has come back', async () => {
    const { assignment, follow } = assignmentOf({ 0: 9, 1: 9 });
    await follow([0, 1]);
    const offsets = new Map(assignment.queues.map((queue) => [queue, queue.partition + 5]));
    expect(assignment.committable(offsets)).toEqual(
      new Map([
        [0, 5],
        [1, 6],
      ]),
    );
    await follow([1]);
    expect(assignment.committable(offsets)).toEqual(new Map([[1, 6]]));
    await follow([0, 1]);
    expect(assignment.committable(offsets)).toEqual(new Map([[1, 6]]));
  });

  it('makes no queue for a partition that went while it was asked where to begin', async () => {
    const { source, assignment, follow } = assignmentOf({ 0: 9, 1: 9 });
    const answer = source.holdStartOffsets();
    const following = follow([0, 1]);
    await Promise.resolve();
    const last = follow([1]);
    answer();
    await Promise.all([following, last]);
    expect(assignment.queues.map(({ partition }) => partition)).toEqual([1]);
  });

  it('begins a partition that went and came back meanwhile where the other member left it', async () => {
    const { clock, source, assignment, follow } = assignmentOf({ 0: 9 });
    const answer = source.holdStartOffsets();
    const followed = [follow([0])];
    await clock.settle();
    followed.push(follow([]));
    source.committed.set(0, 7);
    followed.push(follow([0]));
    answer();
    await Promise.all(followed);
    expect(assignment.queueOf(0)?.nextOffset).toBe(7);
  });

  it('asks again, later each time, until it is told or the mapping stops', async () => {
    const { clock, source, stopping, state, log, assignment, follow } = assignmentOf({ 0: 9 });
    const startOffsets = source.startOffsets.bind(source);
    source.startOffsets = () => Promise.reject(new Error('no coordinator'));
    const first = follow([0]);
    await clock.advance(299);
    expect(log).toEqual(['Error: no coordinator', 'Error: no coordinator']);
    source.startOffsets = startOffsets;
    await clock.advance(1);
    await first;
    expect(assignment.queueOf(0)?.nextOffset).toBe(0);

    source.startOffsets = () => Promise.reject(new Error('no coordinator'));
    const second = follow([0]);
    await clock.settle();
    state.stopping = true;
    stopping.raise();
    await second;
    expect(clock.pending).toBe(0);
  });
});
