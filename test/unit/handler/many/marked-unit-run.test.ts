import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { coordinatesKeyOf, keyOf } from '../../../support/bench-keys.ts';
import { addOne, ledger, ledgerStore, type ModeBench } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';
import { asMany, markManyBench, transactionManyBench } from '../../../support/many-bench.ts';
import { markerWith } from '../../claim/markers.ts';
import { liveClaim, releasedClaim } from '../claims/claims-of-others.ts';

const records: BenchRecord[] = [0, 1, 2, 3].map((offset) => ({ offset, id: `id-${offset}` }));

/** A bench in which the effects of record 0 are refused, and it takes so long to read that this record was dead-lettered. */
function slowToKnow(record: BenchRecord, afterMs: number): ModeBench {
  const clock = new FakeClock();
  const store = ledgerStore({
    delay: (operation, keys) =>
      operation === 'read' && keys.includes(coordinatesKeyOf(record))
        ? new Promise((resolve) => {
            clock.schedule(afterMs, resolve);
          })
        : undefined,
  });
  const expiresAtSeconds = clock.nowMs() / 1000 + 1_000;
  store.poke(keyOf(record), releasedClaim(clock));
  store.poke(coordinatesKeyOf(record), markerWith({ status: 'COMPLETED', expiresAtSeconds, owner: undefined }));
  return transactionManyBench(
    (given, { effects }) => {
      const [first] = given;
      if (first?.offset !== 0) return;
      effects(first).check({ table: ledger, key: { id: 'absent' }, condition: 'attribute_exists(id)' });
    },
    { commit: 'prefix', maxRecords: 2 },
    { store, clock },
  );
}

describe('a record behind the first one of its run', () => {
  it('is held back, whatever is read of it, when the unit was stopped meanwhile', async () => {
    const bench = slowToKnow({ offset: 3, id: 'id-3' }, 5_000);
    expect(await bench.invoke(records)).toMatchObject({
      undone: expect.toSatisfy((all: string[]) => all.length === 4),
    });
    expect(bench.outcomes()).toMatchObject({ 'orders-0@0': 'failed', 'orders-0@3': 'heldBack' });
  });

  it('is not attempted, whatever is read of it, when no time is left then', async () => {
    const bench = slowToKnow({ offset: 1, id: 'id-1' }, 55_000);
    expect(await bench.invoke(records.slice(0, 2))).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'notAttempted', 'orders-0@1': 'notAttempted' });
  });

  it('is not called with it while another invocation has a claim on it', async () => {
    const calledAt = new Map<string, number>();
    const bench: ModeBench = markManyBench((given) => {
      for (const one of given) calledAt.set(at(one), bench.clock.nowMs() - startMs);
    });
    const startMs = bench.clock.nowMs();
    bench.store.poke(keyOf({ offset: 1, id: 'id-1' }), liveClaim(bench.clock, 5_000));
    expect(await bench.invoke(records)).toEqual({ undone: [] });
    expect(calledAt.get('orders-0@0')).toBeLessThan(5_000);
    expect(calledAt.get('orders-0@1')).toBeGreaterThan(5_000);
  });

  it('with its key is handled by itself, when that one had another payload or came to nothing', async () => {
    const calls: string[][] = [];
    const bench = transactionManyBench(async (given, context) => {
      calls.push(given.map(at));
      await asMany(addOne)(given, context);
      for (const record of given) if (record.partition === 1) context.fail(record, new Error('not now'));
    });
    const answer = await bench.invoke([
      { partition: 0, offset: 0, id: 'x' },
      { partition: 0, offset: 1, id: 'x', payload: 'another' },
      { partition: 1, offset: 0, id: 'y' },
      { partition: 2, offset: 0, id: 'z' },
      { partition: 2, offset: 1, id: 'y' },
    ]);
    expect(answer).toEqual({ undone: ['orders-1@0'] });
    expect(bench.outcomes()).toMatchObject({ 'orders-0@1': 'deadLettered', 'orders-2@1': 'handled' });
    expect(calls.flat().filter((place) => place === 'orders-0@1')).toEqual([]);
  });
});

describe('a unit that waits for another invocation', () => {
  it('keeps no call of other units waiting', async () => {
    const clock = new FakeClock();
    const startMs = clock.nowMs();
    const calledAt = new Map<string, number>();
    const bench = transactionManyBench(
      (given) => {
        for (const one of given) calledAt.set(at(one), clock.nowMs() - startMs);
      },
      {},
      { clock },
    );
    const waits = { partition: 0, offset: 0, id: 'x' };
    bench.store.poke(keyOf(waits), liveClaim(clock, 5_000));
    expect(await bench.invoke([waits, { partition: 1, offset: 0, id: 'y' }])).toEqual({ undone: [] });
    expect(calledAt.get('orders-1@0')).toBe(0);
    expect(calledAt.get('orders-0@0')).toBeGreaterThan(5_000);
  });
});
