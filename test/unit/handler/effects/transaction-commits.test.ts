import { describe, expect, it } from 'vitest';
import type { Marker } from '../../../../lib/core/claim/marker.ts';
import type { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { keyOf } from '../../../support/bench-keys.ts';
import { addOne, ledgerStore, type ModeBench, markBench, transactionBench } from '../../../support/effect-bench.ts';
import { markerWith } from '../../claim/markers.ts';
import { liveClaim, releasedClaim } from '../claims/claims-of-others.ts';

const record = { offset: 0, id: 'x' };
const key = keyOf(record);
const taken = { 'orders-0@0': 1 };

/** A bench in whose handler a marker of somebody else's comes to stand in the way, or goes away. */
function meeting(marker: (clock: FakeClock) => Marker | undefined): ModeBench {
  const bench: ModeBench = transactionBench((given, context) => {
    bench.store.poke(key, marker(bench.clock));
    return addOne(given, context);
  });
  return bench;
}

const completed = (clock: FakeClock, fingerprint: string | undefined): Marker =>
  markerWith({ status: 'COMPLETED', expiresAtSeconds: clock.nowMs() / 1000 + 1_000, fingerprint, owner: undefined });

describe('a commit that meets another marker', () => {
  it('of a live claim, waits until that is over and replaces it', async () => {
    const bench = meeting((clock) => liveClaim(clock, 5_000));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'handled' });
    expect(bench.counts()).toEqual(taken);
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', fence: 8 });
  });

  it('of a claim that outlasts the time, leaves its record undone', async () => {
    const bench = meeting((clock) => liveClaim(clock, 500_000));
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'busy' });
    expect(bench.counts()).toEqual({});
    expect(bench.clock.pending).toBe(0);
  });

  it('of a release, replaces it', async () => {
    const bench = meeting((clock) => releasedClaim(clock));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.counts()).toEqual(taken);
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', fence: 8 });
  });

  it('begins anew when the one that it was to replace has gone', async () => {
    const bench = meeting(() => undefined);
    bench.store.poke(key, releasedClaim(bench.clock));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.counts()).toEqual(taken);
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', fence: 1 });
  });

  it('of somebody who was quicker, writes nothing', async () => {
    const bench = meeting((clock) => completed(clock, undefined));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
    expect(bench.counts()).toEqual({});
  });

  it('of somebody who was quicker with another payload, puts its record aside', async () => {
    const bench = meeting((clock) => completed(clock, 'another'));
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'deadLettered' });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch' }]);
    expect(bench.counts()).toEqual({});
  });

  it('that cannot be read, leaves its record undone', async () => {
    let isHandled = false;
    const store = ledgerStore({ faults: (operation) => (isHandled && operation === 'read' ? 'cutBefore' : undefined) });
    const bench = transactionBench(
      (given, context) => {
        isHandled = true;
        store.poke(key, completed(bench.clock, undefined));
        return addOne(given, context);
      },
      {},
      { store },
    );
    expect(await bench.invoke([record])).toEqual({ undone: ['orders-0@0'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed' });
  });
});

describe('a commit that was answered', () => {
  it('is remembered with its payload: another one under its business ID is put aside', async () => {
    const bench = transactionBench(addOne);
    await bench.invoke([record]);
    expect(await bench.invoke([{ ...record, offset: 1, payload: 'another' }])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch', record: { offset: 1 } }]);
    expect(bench.counts()).toEqual(taken);
  });

  it('is remembered: the record costs no read any more', async () => {
    const bench = transactionBench(addOne);
    await bench.invoke([record]);
    const { calls } = bench.store.count('read');
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
    expect(bench.store.count('read').calls).toBe(calls);
  });

  it('marks its payload for other environments', async () => {
    const store = ledgerStore();
    await transactionBench(addOne, {}, { store }).invoke([record]);
    const bench = transactionBench(addOne, {}, { store, seed: 2 });
    expect(await bench.invoke([{ ...record, offset: 1, payload: 'another' }])).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch' }]);
  });
});

describe('what a handler returned', () => {
  it('is left out where the store cannot keep it', async () => {
    const bench = transactionBench(
      (given, context) => {
        addOne(given, context);
        return { tooMuch: 'x'.repeat(500_000) };
      },
      { storeResult: true },
    );
    expect(await bench.invoke([record])).toEqual({ undone: [] });
    expect(bench.counts()).toEqual(taken);
    expect(bench.observations).toContainEqual(expect.objectContaining({ type: 'resultNotStored' }));
    expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', result: undefined });
  });

  it.each([
    [true, { kept: true }],
    [false, undefined],
  ])('is kept where that is asked for: %s', async (storeResult, result) => {
    for (const newBench of [transactionBench, markBench]) {
      const bench = newBench(() => ({ kept: true }), { storeResult });
      expect(await bench.invoke([record])).toEqual({ undone: [] });
      expect(bench.store.peek(key)).toMatchObject({ status: 'COMPLETED', result });
    }
  });
});
