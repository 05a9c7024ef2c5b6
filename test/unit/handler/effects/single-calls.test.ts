import { describe, expect, it } from 'vitest';
import { EffectsClosedError } from '../../../../lib/core/errors/effect-errors.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { EffectContext } from '../../../../lib/handler/handler-context.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { holdKeyOf } from '../../../support/bench-keys.ts';
import {
  addOne,
  ledger,
  ledgerStore,
  markBench,
  positionBench,
  transactionBench,
} from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';
import { markerWith } from '../../claim/markers.ts';

const kept: BenchRecord = { offset: 0, id: 'x', key: 'a' };
const free: BenchRecord = { offset: 1, id: 'y', key: 'b' };

const pause = (clock: FakeClock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });

describe.each([
  ['transaction', transactionBench],
  ['position', positionBench],
  ['mark', markBench],
] as const)('a record whose Kafka key may be held, in mode %s', (_mode, newBench) => {
  it('is put aside without its handler where the key is held, and the next key goes on', async () => {
    const handled: string[] = [];
    const bench = newBench(
      (record: { readonly topic: string; readonly partition: number; readonly offset: number }) =>
        void handled.push(at(record)),
      {
        afterDeadLetter: 'holdKey',
      },
    );
    const expiresAtSeconds = bench.clock.nowMs() / 1000 + 1_000;
    bench.store.poke(holdKeyOf(kept), markerWith({ status: 'COMPLETED', expiresAtSeconds, owner: undefined }));
    expect(await bench.invoke([kept, free])).toEqual({ undone: [] });
    expect(handled).toEqual(['orders-0@1']);
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'keyHeld', record: { offset: 0 } }]);
  });

  it('is undone without its handler where nobody can read whether the key is held', async () => {
    const store = ledgerStore({
      faults: (operation, keys) => (operation === 'read' && keys.includes(holdKeyOf(kept)) ? 'cutBefore' : undefined),
    });
    const handled: true[] = [];
    const bench = newBench(() => void handled.push(true), { afterDeadLetter: 'holdKey' }, { store });
    expect(await bench.invoke([kept, free])).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(handled).toEqual([]);
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed', 'orders-0@1': 'heldBack' });
    expect(bench.deadLetters.letters).toEqual([]);
  });

  it('is put aside when the key is held by this invocation while the record waits for its turn', async () => {
    const handled: string[] = [];
    const clock = new FakeClock();
    const bench = newBench(
      async (record: { readonly topic: string; readonly partition: number; readonly offset: number }) => {
        handled.push(at(record));
        if (record.partition === 0) throw new UnprocessableRecordError('no use');
        if (record.partition === 1) await pause(clock, 1_000);
      },
      { afterDeadLetter: 'holdKey', maxConcurrency: 1 },
      { clock },
    );
    const answer = await bench.invoke([
      { partition: 0, offset: 0, id: 'x', key: 'a' },
      { partition: 1, offset: 0, id: 'y', key: 'b' },
      { partition: 2, offset: 0, id: 'z', key: 'a' },
    ]);
    expect(answer).toEqual({ undone: [] });
    expect(handled).toEqual(['orders-0@0', 'orders-1@0']);
    expect(bench.outcomes()).toMatchObject({ 'orders-2@0': 'deadLettered' });
  });
});

describe('a call of handle that threw', () => {
  it('takes no effects any more', async () => {
    let late: EffectContext['effects'] | undefined;
    const bench = transactionBench((_record, { effects }) => {
      late = effects;
      throw new Error('not now');
    });
    expect(await bench.invoke([{ offset: 0, id: 'x' }])).toEqual({ undone: ['orders-0@0'] });
    expect(() => late?.put({ table: ledger, item: { id: 'late' } })).toThrow(EffectsClosedError);
  });
});

describe('a call of handle that waits for its turn', () => {
  it('is not made for a unit that was stopped meanwhile', async () => {
    const called: string[] = [];
    const bench = transactionBench(
      async (record, context) => {
        called.push(at(record));
        if (record.partition === 1) return await pause(bench.clock, 1_000);
        return context.effects.check({ table: ledger, key: { id: 'none' }, condition: 'attribute_exists(id)' });
      },
      { maxConcurrency: 1, commit: 'prefix' },
    );
    const answer = await bench.invoke([
      { partition: 0, offset: 0, id: 'x' },
      { partition: 1, offset: 0, id: 'y' },
      { partition: 0, offset: 1, id: 'z' },
    ]);
    expect(answer).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(called).toEqual(['orders-0@0', 'orders-1@0']);
  });

  it('is not made when no time is left then', async () => {
    const called: string[] = [];
    const bench = transactionBench(
      async (record, context) => {
        called.push(at(record));
        await pause(bench.clock, 27_500);
        return addOne(record, context);
      },
      { maxConcurrency: 1 },
    );
    const two = [0, 1].map((partition) => ({ partition, offset: 0, id: `${partition}` }));
    expect(await bench.invoke(two, 30_000)).toEqual({ undone: ['orders-1@0'] });
    expect(called).toEqual(['orders-0@0']);
    expect(bench.outcomes()).toMatchObject({ 'orders-1@0': 'notAttempted' });
  });
});
