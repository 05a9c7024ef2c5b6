import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { holdKeyOf } from '../../../support/bench-keys.ts';
import { ledgerStore } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';
import { markManyBench, positionManyBench, transactionManyBench } from '../../../support/many-bench.ts';
import { markerWith } from '../../claim/markers.ts';

type Placed = { readonly topic: string; readonly partition: number; readonly offset: number };

const before: BenchRecord = { offset: 0, id: 'x', key: 'a' };
const kept: BenchRecord = { offset: 1, id: 'y', key: 'b' };
const behind: BenchRecord = { offset: 2, id: 'z', key: 'c' };

describe.each([
  ['transaction', transactionManyBench],
  ['position', positionManyBench],
  ['mark', markManyBench],
] as const)('a run of records whose Kafka keys may be held, in mode %s', (_mode, newBench) => {
  it('leaves out the one whose key is held: it is put aside in its turn', async () => {
    const called: string[][] = [];
    const bench = newBench((given: readonly Placed[]) => void called.push(given.map(at)), {
      afterDeadLetter: 'holdKey',
    });
    const expiresAtSeconds = bench.clock.nowMs() / 1000 + 1_000;
    bench.store.poke(holdKeyOf(kept), markerWith({ status: 'COMPLETED', expiresAtSeconds, owner: undefined }));
    expect(await bench.invoke([before, kept, behind])).toEqual({ undone: [] });
    expect(called).toEqual([['orders-0@0'], ['orders-0@2']]);
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'keyHeld', record: { offset: 1 } }]);
  });

  it('ends before the one of which nobody can read whether its key is held', async () => {
    const called: string[][] = [];
    const store = ledgerStore({
      faults: (operation, keys) => (operation === 'read' && keys.includes(holdKeyOf(kept)) ? 'cutBefore' : undefined),
    });
    const clock = new FakeClock();
    const bench = newBench(
      (given: readonly Placed[]) => void called.push(given.map(at)),
      { afterDeadLetter: 'holdKey' },
      { store, clock },
    );
    const answer = await bench.invoke([kept, behind].map((one) => ({ ...one, partition: 1 })));
    expect(answer).toEqual({ undone: ['orders-1@1', 'orders-1@2'] });
    expect(called).toEqual([]);
    expect(bench.outcomes()).toEqual({ 'orders-1@1': 'failed', 'orders-1@2': 'heldBack' });
    expect(bench.deadLetters.letters).toEqual([]);
  });
});
