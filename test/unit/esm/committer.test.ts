import { describe, expect, it } from 'vitest';
import { Committer } from '../../../lib/local/esm/committer.ts';
import { Signal } from '../../../lib/local/esm/signal.ts';
import { FakeClock } from '../../../lib/testing/fake-clock.ts';

/** A committer whose requests stay open until the test settles them. */
function committer(state = { stopping: false }) {
  const clock = new FakeClock();
  const requests: { offsets: Record<number, number>; succeed: () => void; fail: () => void }[] = [];
  const committed: Record<number, number>[] = [];
  const stopping = new Signal();
  const made = new Committer({
    clock,
    stopping,
    commit: (offsets) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const fail = (): void => reject(new Error('no coordinator'));
      requests.push({ offsets: Object.fromEntries(offsets), succeed: resolve, fail });
      return promise;
    },
    retryDelayMs: (failures) => 100 * 2 ** failures,
    isStopping: () => state.stopping,
    onCommitted: (offsets) => committed.push(Object.fromEntries(offsets)),
    onTrouble: () => {},
  });
  return { made, clock, requests, committed, stopping, state };
}

describe('the committer', () => {
  it('gathers what comes while a request is under way into the next', async () => {
    const { made, clock, requests, committed } = committer();
    const first = made.commit(new Map([[0, 5]]));
    const second = made.commit(new Map([[1, 7]]));
    const third = made.commit(new Map([[0, 6]]));
    expect(requests.map(({ offsets }) => offsets)).toEqual([{ 0: 5 }]);
    requests[0]?.succeed();
    await clock.advance(0);
    expect(requests.map(({ offsets }) => offsets)).toEqual([{ 0: 5 }, { 0: 6, 1: 7 }]);
    requests[1]?.succeed();
    await Promise.all([first, second, third]);
    expect(committed).toEqual([{ 0: 5 }, { 0: 6, 1: 7 }]);
  });

  it('tries a failed request again, later each time, until it succeeds', async () => {
    const { made, clock, requests, committed } = committer();
    const done = made.commit(new Map([[0, 5]]));
    requests[0]?.fail();
    await clock.advance(99);
    expect(requests).toHaveLength(1);
    await clock.advance(1);
    requests[1]?.fail();
    await clock.advance(200);
    expect(requests).toHaveLength(3);
    requests[2]?.succeed();
    await done;
    expect(committed).toEqual([{ 0: 5 }]);
  });

  it('gives up after one more try when the mapping stops', async () => {
    const { made, clock, requests, committed, stopping, state } = committer();
    const done = made.commit(new Map([[0, 5]]));
    requests[0]?.fail();
    await clock.advance(10);
    state.stopping = true;
    stopping.raise();
    await clock.advance(0);
    expect(requests).toHaveLength(2);
    requests[1]?.fail();
    await done;
    expect(committed).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('commits nothing of a partition that was forgotten meanwhile', async () => {
    const { made, clock, requests } = committer();
    const done = made.commit(new Map([[0, 5]]));
    const other = made.commit(new Map([[1, 7]]));
    made.forget(1);
    requests[0]?.succeed();
    await Promise.all([done, other]);
    await clock.advance(1000);
    expect(requests).toHaveLength(1);
  });

  it('is done at once with nothing', async () => {
    const { made, requests } = committer();
    await made.commit(new Map());
    expect(requests).toEqual([]);
  });
});
