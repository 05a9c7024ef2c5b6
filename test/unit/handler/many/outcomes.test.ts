import { describe, expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { addOne, ledger, ledgerStore } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';
import { asMany, markManyBench, positionManyBench, transactionManyBench } from '../../../support/many-bench.ts';

function records(count: number, partitions = 1): BenchRecord[] {
  return Array.from({ length: count }, (_, offset) => ({ partition: offset % partitions, offset, id: `id-${offset}` }));
}

const benches = [
  ['transaction', transactionManyBench],
  ['position', positionManyBench],
] as const;

describe.each(benches)('records of handleMany in mode %s', (_mode, manyBench) => {
  it('an undone one holds back its unit only, and nothing behind it is written', async () => {
    const bench = manyBench(async (given, context) => {
      await asMany(addOne)(given, context);
      for (const record of given) if (record.offset === 2) context.fail(record, new Error('not now'));
    });
    expect(await bench.invoke(records(8, 2))).toEqual({ undone: ['orders-0@2', 'orders-0@4', 'orders-0@6'] });
    expect(Object.keys(bench.counts()).sort()).toEqual(
      ['orders-0@0', 'orders-1@1', 'orders-1@3', 'orders-1@5', 'orders-1@7'].sort(),
    );
    expect(bench.outcomes()).toMatchObject({ 'orders-0@2': 'failed', 'orders-0@4': 'heldBack' });
    expect(bench.clock.pending).toBe(0);
  });

  it('one that is given up on is put aside without its effects, and the rest goes on', async () => {
    const bench = manyBench(async (given, context) => {
      await asMany(addOne)(given, context);
      for (const record of given) {
        if (record.offset !== 1) continue;
        context.fail(record, new Error('not this one'));
        context.fail(record, new UnprocessableRecordError('the last word'));
      }
    });
    expect(await bench.invoke(records(4))).toEqual({ undone: [] });
    expect(Object.keys(bench.counts())).toEqual(['orders-0@0', 'orders-0@2', 'orders-0@3']);
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'unprocessable' }]);
    expect(await bench.invoke(records(4))).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1]);
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('a throw is believed only of one that is called alone', async () => {
    const calls: number[][] = [];
    const bench = manyBench(async (given, context) => {
      calls.push(given.map(({ offset }) => offset));
      await asMany(addOne)(given, context);
      if (given.some(({ offset }) => offset === 5)) throw new UnprocessableRecordError('one of them is bad');
    });
    expect(await bench.invoke(records(16))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters.map((letter) => letter.record.offset)).toEqual([5]);
    expect(Object.values(bench.counts())).toEqual(Array.from({ length: 15 }, () => 1));
    expect(calls[0]).toHaveLength(16);
    expect(calls).toContainEqual([5]);
    expect(calls.length).toBeLessThan(16);
    const warnings = bench.observations.flatMap((one) => (one.type === 'warning' ? [one.message] : []));
    expect(warnings[0]).toBe(
      'handleMany threw (UnprocessableRecordError) for 16 records together: it is called again for fewer',
    );
  });

  it('all of a unit are undone when every call throws, and only its first counts an attempt', async () => {
    const calls: number[] = [];
    const bench = manyBench(
      (given) => {
        calls.push(given.length);
        throw new Error('down');
      },
      { maxAttempts: 2 },
    );
    expect(await bench.invoke(records(8))).toEqual({ undone: records(8).map(({ offset }) => `orders-0@${offset}`) });
    expect(calls).toEqual([8, 4, 2, 1]);
    expect(bench.outcomes()).toMatchObject({ 'orders-0@0': 'failed', 'orders-0@1': 'heldBack' });
    await bench.invoke(records(8));
    expect(bench.deadLetters.letters).toMatchObject([{ record: { offset: 0 }, reason: 'attemptsExhausted' }]);
  });

  it('one that was named keeps its error when the call throws afterwards', async () => {
    const bench = manyBench(([first], { fail }) => {
      if (first?.offset === 0) fail(first, new UnprocessableRecordError('this one'));
      throw new Error('and everything else');
    });
    expect(await bench.invoke(records(2, 2))).toEqual({ undone: ['orders-1@1'] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'unprocessable', record: { offset: 0 } }]);
  });

  it('undecodable ones never reach the function, and fail by themselves', async () => {
    const seen: string[] = [];
    const bad = { offset: 2, rawValue: '!' };
    const bench = manyBench(async (given, context) => {
      seen.push(...given.map(at));
      await asMany(addOne)(given, context);
    });
    const batch = records(5).map((record) => (record.offset === 2 ? bad : record));
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(seen).toEqual(['orders-0@0', 'orders-0@1', 'orders-0@3', 'orders-0@4']);
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'undecodable' }]);
  });

  it('take no effects after the call has ended, failed or not', async () => {
    const late: string[] = [];
    const attempt = (use: () => void): void => {
      try {
        use();
      } catch (error) {
        late.push(String(error));
      }
    };
    const bench = manyBench((given, { effects, fail }) => {
      for (const record of given) if (record.offset === 1) fail(record, new UnprocessableRecordError('bad'));
      bench.clock.schedule(1, () => {
        for (const record of given) attempt(() => effects(record).put({ table: ledger, item: { id: 'late' } }));
        for (const record of given) attempt(() => fail(record, 'late'));
      });
    });
    expect(await bench.invoke(records(2))).toEqual({ undone: [] });
    await bench.clock.advance(10);
    expect(late).toEqual([
      expect.stringContaining('EffectsClosedError: orders-0@0: effects[0] (put "Ledger"): added after'),
      expect.stringContaining('EffectsClosedError: orders-0@1: effects[0] (put "Ledger"): added after'),
      'Error: fail: orders-0@0: called after handleMany returned; await everything that fails records',
      'Error: fail: orders-0@1: called after handleMany returned; await everything that fails records',
    ]);
    expect(bench.counts()).toEqual({});
  });

  it('of a call that ignores its signal are all unsettled', async () => {
    const bench = manyBench(() => new Promise(() => undefined));
    const answer = await bench.invoke(records(4, 2), 10_000);
    expect(answer).toHaveProperty('threw');
    const unsettled = bench.observations.filter((one) => one.type === 'handlerUnsettled');
    expect(unsettled).toHaveLength(4);
  });

  it('of a call that the end of the time cuts short are failed without a letter, whatever it throws', async () => {
    const bench = manyBench(
      (_given, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new UnprocessableRecordError('hung')));
        }),
    );
    expect(await bench.invoke(records(3), 10_000)).toEqual({ undone: ['orders-0@0', 'orders-0@1', 'orders-0@2'] });
    expect(bench.deadLetters.letters).toEqual([]);
    const failed = bench.observations.find((one) => one.type === 'recordEnded' && one.outcome === 'failed');
    expect(failed).toMatchObject({ errorName: 'TimeBudgetError' });
  });

  it('are not attempted when no time is left', async () => {
    const bench = manyBench(() => expect.unreachable());
    expect(await bench.invoke(records(2), 400)).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.outcomes()).toMatchObject({ 'orders-0@0': 'notAttempted', 'orders-0@1': 'notAttempted' });
  });

  it('whose condition never holds are put aside, and their neighbours go on', async () => {
    const bench = manyBench((given, { effects }) => {
      for (const record of given) {
        const condition = record.offset === 3 ? 'attribute_exists(id)' : 'attribute_not_exists(id)';
        effects(record).put({
          table: ledger,
          item: { id: at(record), count: 1 },
          condition,
          onConditionFailed: 'reject',
        });
      }
    });
    expect(await bench.invoke(records(6))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'unprocessable', record: { offset: 3 } }]);
    expect(Object.keys(bench.counts())).toHaveLength(5);
  });

  it('held Kafka keys: the next record of a key waits for what becomes of the one before', async () => {
    const calls: number[][] = [];
    const bench = manyBench(
      async (given, context) => {
        calls.push(given.map(({ offset }) => offset));
        await asMany(addOne)(given, context);
        for (const record of given) if (record.offset === 1) context.fail(record, new UnprocessableRecordError('bad'));
      },
      { afterDeadLetter: 'holdKey' },
    );
    const keys = ['a', 'b', 'c', 'b', 'd'];
    const batch = records(5).map((record) => ({ ...record, key: keys[record.offset] ?? '' }));
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'unprocessable' }, { reason: 'keyHeld' }]);
    expect(calls).toEqual([[0, 1, 2], [4]]);
    expect(Object.keys(bench.counts())).toEqual(['orders-0@0', 'orders-0@2', 'orders-0@4']);
  });
});

describe('records of handleMany that are known', () => {
  it('are passed over within a run; a repeated key ends it', async () => {
    const store = ledgerStore();
    await transactionManyBench(asMany(addOne), {}, { store }).invoke([{ offset: 1, id: 'id-1' }]);
    const calls: number[][] = [];
    const bench = transactionManyBench(
      async (given, context) => {
        calls.push(given.map(({ offset }) => offset));
        await asMany(addOne)(given, context);
      },
      {},
      { store, seed: 2 },
    );
    const batch = [...records(4), { offset: 4, id: 'id-3' }, { offset: 5, id: 'id-5' }, { offset: 6, id: 'id-0' }];
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(calls).toEqual([[0, 2, 3], [5]]);
    expect(bench.outcomes()).toMatchObject({
      'orders-0@1': 'duplicate',
      'orders-0@4': 'duplicate',
      'orders-0@6': 'duplicate',
    });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1, 1, 1]);
  });

  it('are mismatched by themselves, in their turn', async () => {
    const store = ledgerStore();
    const payload = 'another one';
    await transactionManyBench(asMany(addOne), {}, { store }).invoke([{ offset: 9, id: 'id-2', payload }]);
    const bench = transactionManyBench(asMany(addOne), {}, { store, seed: 2 });
    expect(await bench.invoke(records(4))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'fingerprintMismatch', record: { offset: 2 } }]);
    expect(bench.outcomes()).toMatchObject({ 'orders-0@2': 'deadLettered', 'orders-0@3': 'handled' });
  });

  it('a redelivery has only what is not done', async () => {
    const calls: string[][] = [];
    let isBad = true;
    const bench = transactionManyBench(async (given, context) => {
      calls.push(given.map(at));
      await asMany(addOne)(given, context);
      for (const record of given) if (isBad && record.offset === 2) context.fail(record, new Error('not now'));
    });
    expect(await bench.invoke(records(4))).toEqual({ undone: ['orders-0@2', 'orders-0@3'] });
    isBad = false;
    expect(await bench.invoke(records(4))).toEqual({ undone: [] });
    expect(calls[1]).toEqual(['orders-0@2', 'orders-0@3']);
    expect(Object.values(bench.counts())).toEqual([1, 1, 1, 1]);
  });

  it('one that has failed before is called with less company, and alone before it is given up on', async () => {
    const calls: number[][] = [];
    const bench = transactionManyBench(
      (given, { fail }) => {
        calls.push(given.map(({ offset }) => offset));
        for (const record of given) fail(record, new Error('not now'));
      },
      { ordering: 'none', maxAttempts: 3, maxRecords: 4 },
    );
    for (let delivery = 1; delivery < 4; delivery += 1) await bench.invoke(records(4));
    expect(calls.map((call) => call.length)).toEqual([4, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(bench.deadLetters.letters).toHaveLength(4);
  });
});

describe.each(benches)('a record that hangs, in mode %s', (_mode, manyBench) => {
  it('is found and put aside alone, while its neighbours are handled', async () => {
    const store = ledgerStore();
    const deadLetters = new MemoryDeadLetters();
    const clock = new FakeClock();
    const sizes: number[] = [];
    let undone = 20;
    for (let delivery = 1; undone > 0 && delivery < 30; delivery += 1) {
      const bench = manyBench(
        async (given, context) => {
          sizes.push(given.length);
          await asMany(addOne)(given, context);
          if (!given.some(({ offset }) => offset === 7)) return;
          await new Promise((_resolve, reject) => {
            context.signal.addEventListener('abort', () => reject(new Error('cut short')));
          });
        },
        { maxAttempts: 3 },
        { store, deadLetters, clock, seed: delivery },
      );
      const answer = await bench.invoke(records(20), 30_000);
      undone = 'undone' in answer ? answer.undone.length : 0;
    }
    expect(undone).toBe(0);
    expect(deadLetters.letters).toMatchObject([{ record: { offset: 7 }, reason: 'attemptsExhausted', attempts: 3 }]);
    expect(store.items(ledger).map((item) => item.count)).toEqual(Array.from({ length: 19 }, () => 1));
    expect(sizes[0]).toBe(20);
  });
});

describe('records of handleMany in mark mode', () => {
  it('behind an undone one are not marked, and come again', async () => {
    const handled: string[] = [];
    let isBad = true;
    const bench = markManyBench((given, { fail }) => {
      handled.push(...given.map(at));
      for (const record of given) if (isBad && record.offset === 1) fail(record, new Error('not now'));
    });
    expect(await bench.invoke(records(3))).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
    isBad = false;
    expect(await bench.invoke(records(3))).toEqual({ undone: [] });
    expect(handled).toEqual(['orders-0@0', 'orders-0@1', 'orders-0@2', 'orders-0@1', 'orders-0@2']);
  });

  it('have no effects', async () => {
    const bench = markManyBench((_given, context) => expect(context).not.toHaveProperty('effects'));
    expect(await bench.invoke(records(1))).toEqual({ undone: [] });
  });
});
