import { describe, expect, it } from 'vitest';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import type { DeadLetter } from '../../../../lib/ports/dead-letter-sink.ts';
import { addOne, type EffectHandle, ledger, ledgerStore, positionBench } from '../../../support/effect-bench.ts';
import { at, type BenchRecord } from '../../../support/handler-bench.ts';

const began = 1_700_000_000_000;

function records(first: number, count: number, startMs: number = began): BenchRecord[] {
  return Array.from({ length: count }, (_, index) => ({ offset: first + index, timestamp: startMs + first + index }));
}

const unlessOffset =
  (bad: number): EffectHandle =>
  (record, context) => {
    if (record.offset === bad) throw new UnprocessableRecordError('no use');
    return addOne(record, context);
  };

describe('position mode', () => {
  it('commits effects and the next offset together; what is below it is a duplicate', async () => {
    const bench = positionBench(addOne);
    expect(await bench.invoke(records(0, 5))).toEqual({ undone: [] });
    expect(await bench.invoke(records(2, 5))).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(bench.outcomes()).toMatchObject({ 'orders-0@4': 'duplicate', 'orders-0@5': 'handled' });
  });

  it('takes a read and six commits for 500 records of a partition', async () => {
    const bench = positionBench(addOne, { commit: 'prefix' });
    expect(await bench.invoke(records(0, 500))).toEqual({ undone: [] });
    expect(bench.store.count('commit').calls).toBe(6);
    expect(bench.store.count('readPositions').calls).toBe(1);
    expect(Object.keys(bench.counts())).toHaveLength(500);
  });

  it('groups partitions', async () => {
    const bench = positionBench(addOne);
    const many = Array.from({ length: 30 }, (_, index) => ({ partition: index % 10, offset: Math.floor(index / 10) }));
    expect(await bench.invoke(many)).toEqual({ undone: [] });
    expect(bench.store.count('commit').calls).toBe(3);
  });

  it('puts a bad record aside and goes on behind it, also at a redelivery', async () => {
    const bench = positionBench(unlessOffset(2), { commit: 'prefix' });
    expect(await bench.invoke(records(0, 5))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
    expect(Object.keys(bench.counts())).toEqual(['orders-0@0', 'orders-0@1', 'orders-0@3', 'orders-0@4']);
    expect(await bench.invoke(records(0, 5))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
  });

  it('commits no prefix past a gap in handling', async () => {
    const bench = positionBench(
      (record, context) => {
        if (record.offset === 2) throw new Error('not now');
        return addOne(record, context);
      },
      { commit: 'prefix' },
    );
    expect(await bench.invoke(records(0, 5))).toEqual({ undone: ['orders-0@2', 'orders-0@3', 'orders-0@4'] });
    expect(Object.keys(bench.counts())).toEqual(['orders-0@0', 'orders-0@1']);
  });

  it('handles the rest again when another invocation has moved the position', async () => {
    const store = ledgerStore();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    let interferes = true;
    const bench = positionBench(
      async (record, context) => {
        if (record.offset === 1 && interferes) {
          interferes = false;
          await other.start(records(0, 3));
        }
        return await addOne(record, context);
      },
      { commit: 'prefix' },
      { store, clock: other.clock },
    );
    expect(await bench.invoke(records(0, 6))).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('fails loudly for a new record in an old place, until the generation is raised', async () => {
    const store = ledgerStore();
    await positionBench(addOne, {}, { store }).invoke(records(0, 5));
    const later = records(0, 2, began + 1_000_000);
    const bench = positionBench(addOne, {}, { store, seed: 2 });
    expect(await bench.invoke(later)).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.observations).toContainEqual(
      expect.objectContaining({ type: 'recordEnded', errorName: 'PositionError' }),
    );
    const renewed = positionBench(addOne, { generation: 1 }, { store, seed: 3 });
    expect(await renewed.invoke(later)).toEqual({ undone: [] });
    expect(renewed.counts()).toMatchObject({ 'orders-0@0': 2, 'orders-0@1': 2, 'orders-0@2': 1 });
    expect(await positionBench(addOne, {}, { store, seed: 4 }).invoke(records(2, 1))).toEqual({
      undone: ['orders-0@2'],
    });
  });

  it('refuses a batch that is not in order', async () => {
    const bench = positionBench(addOne);
    const answer = await bench.invoke([{ offset: 5 }, { offset: 3 }, { offset: 6 }]);
    expect(answer).toEqual({ undone: ['orders-0@3', 'orders-0@6'] });
  });

  it('puts aside a record whose condition never holds', async () => {
    const bench = positionBench((record, { effects }) => {
      const condition = record.offset === 1 ? 'attribute_exists(id)' : 'attribute_not_exists(id)';
      effects.put({ table: ledger, item: { id: at(record), count: 1 }, condition, onConditionFailed: 'reject' });
    });
    expect(await bench.invoke(records(0, 3))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toMatchObject([{ reason: 'unprocessable' }]);
    expect(Object.keys(bench.counts())).toEqual(['orders-0@0', 'orders-0@2']);
    expect(bench.clock.pending).toBe(0);
  });
});

/** Lets something happen while the first letter is on its way. */
class SlowLetters extends MemoryDeadLetters {
  meanwhile: (() => Promise<unknown>) | undefined;

  override async send(letter: DeadLetter, call: { readonly signal: AbortSignal }): Promise<void> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    await super.send(letter, call);
  }
}

describe('a record put aside while another invocation passes it', () => {
  it('ends what was handled behind it: it may be done there', async () => {
    const store = ledgerStore();
    const deadLetters = new SlowLetters();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    const bench = positionBench(
      (record, context) => {
        if (record.offset !== 1) return addOne(record, context);
        const condition = 'attribute_exists(id)';
        return context.effects.check({ table: ledger, key: { id: 'absent' }, condition, onConditionFailed: 'reject' });
      },
      { commit: 'prefix' },
      { store, clock: other.clock, deadLetters },
    );
    deadLetters.meanwhile = () => other.start(records(0, 4));
    expect(await bench.invoke(records(0, 6))).toEqual({ undone: [] });
    expect(Object.values(bench.counts())).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe('a position that could not be moved behind a dead letter', () => {
  it.each(['each', 'prefix'] as const)(
    "is moved at the redelivery, and nothing behind it is lost, under '%s'",
    async (commit) => {
      let isDown = false;
      const store = ledgerStore({ faults: (operation) => (isDown && operation === 'commit' ? 'throttle' : undefined) });
      const deadLetters = new SlowLetters();
      deadLetters.meanwhile = async () => {
        isDown = true;
      };
      const handle: EffectHandle = (record, context) => {
        if (record.offset === 2) throw new UnprocessableRecordError('no use');
        if (record.offset !== 0) return addOne(record, context);
        const condition = 'attribute_exists(id)';
        return context.effects.check({ table: ledger, key: { id: 'absent' }, condition, onConditionFailed: 'reject' });
      };
      const bench = positionBench(handle, { commit }, { store, deadLetters });
      expect(await bench.invoke(records(0, 3))).toMatchObject({ undone: ['orders-0@0', 'orders-0@1', 'orders-0@2'] });
      isDown = false;
      for (let delivery = 0; delivery < 3; delivery += 1) await bench.invoke(records(0, 3));
      expect(await bench.invoke(records(0, 3))).toEqual({ undone: [] });
      expect(bench.counts()).toEqual({ 'orders-0@1': 1 });
      expect(deadLetters.letters.map(({ record }) => record.offset)).toEqual([0, 2]);
    },
  );
});
