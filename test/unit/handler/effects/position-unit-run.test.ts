import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { UnprocessableRecordError } from '../../../../lib/core/errors/errors.ts';
import { deferred } from '../../../../lib/handler/run/deferred.ts';
import type { DeadLetter } from '../../../../lib/ports/dead-letter-sink.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { holdKeyOf } from '../../../support/bench-keys.ts';
import {
  addOne,
  type EffectHandle,
  ledger,
  ledgerStore,
  type ModeBench,
  positionBench,
} from '../../../support/effect-bench.ts';
import type { BenchRecord } from '../../../support/handler-bench.ts';
import { asMany, positionManyBench } from '../../../support/many-bench.ts';
import { markerWith } from '../../claim/markers.ts';

function records(first: number, count: number): BenchRecord[] {
  return Array.from({ length: count }, (_, index) => ({ offset: first + index, timestamp: 1_700_000_000_000 + index }));
}

/** How often each effect took place, by offset. */
function effectsOf(bench: ModeBench): unknown[] {
  return Object.values(bench.counts());
}

const refusedEffect: EffectHandle = (_record, { effects }) =>
  effects.check({ table: ledger, key: { id: 'absent' }, condition: 'attribute_exists(id)' });

const bad = (): never => {
  throw new UnprocessableRecordError('no use');
};

describe.each(['each', 'prefix'] as const)("a throw in position mode, commit '%s'", (commit) => {
  it('is not believed of a record that another invocation has done meanwhile', async () => {
    const store = ledgerStore();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    let isFirst = true;
    const bench = positionBench(
      async (record, context) => {
        if (record.offset !== 1 || !isFirst) return addOne(record, context);
        isFirst = false;
        await other.start(records(0, 3));
        return bad();
      },
      { commit },
      { store, clock: other.clock },
    );
    expect(await bench.invoke(records(0, 4))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toEqual([]);
    expect(effectsOf(bench)).toEqual([1, 1, 1, 1]);
    expect(bench.outcomes()).toMatchObject({ 'orders-0@1': 'duplicate', 'orders-0@2': 'duplicate' });
  });

  it('is not believed when the position cannot be read', async () => {
    let isDown = false;
    const store = ledgerStore({
      faults: (operation) => (isDown && operation === 'readPositions' ? 'cutBefore' : undefined),
    });
    const bench = positionBench(
      (record, context) => {
        if (record.offset !== 1) return addOne(record, context);
        isDown = true;
        return bad();
      },
      { commit },
      { store },
    );
    expect(await bench.invoke(records(0, 3))).toEqual({ undone: ['orders-0@1', 'orders-0@2'] });
    expect(bench.deadLetters.letters).toEqual([]);
  });

  it('is not looked into while a record before it is undone', async () => {
    const bench = positionBench((record, context) => (record.offset === 0 ? refusedEffect(record, context) : bad()), {
      commit,
    });
    expect(await bench.invoke(records(0, 2))).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(bench.deadLetters.letters).toEqual([]);
    expect(bench.outcomes()).toMatchObject({ 'orders-0@0': 'failed', 'orders-0@1': 'heldBack' });
  });
});

describe('a held Kafka key in position mode', () => {
  it('puts no record aside that another invocation has done meanwhile', async () => {
    const kept = { partition: 1, offset: 5, key: 'a' };
    const clock = new FakeClock();
    let isFirst = true;
    const store: MemoryStore = ledgerStore({
      delay: (operation, keys) => {
        if (!isFirst || operation !== 'read' || !keys.includes(holdKeyOf(kept))) return undefined;
        isFirst = false;
        return other.start([kept]).then(() => {
          const expiresAtSeconds = clock.nowMs() / 1000 + 1_000;
          store.poke(holdKeyOf(kept), markerWith({ status: 'COMPLETED', expiresAtSeconds }));
        });
      },
    });
    const other = positionBench(addOne, {}, { store, clock, seed: 2 });
    const bench = positionBench(addOne, { afterDeadLetter: 'holdKey' }, { store, clock });
    expect(await bench.invoke([kept])).toEqual({ undone: [] });
    expect(bench.outcomes()).toEqual({ 'orders-1@5': 'duplicate' });
    expect(bench.deadLetters.letters).toEqual([]);
    expect(effectsOf(bench)).toEqual([1]);
  });
});

/** A store that tells when a position was read again. */
class ToldReads extends MemoryStore {
  reads = 0;
  readonly #onRead: (reads: number) => void;

  constructor(onRead: (reads: number) => void) {
    super({ tables: { [ledger]: { partitionKey: 'id' } } });
    this.#onRead = onRead;
  }

  override async readPositions(
    ...given: Parameters<MemoryStore['readPositions']>
  ): ReturnType<MemoryStore['readPositions']> {
    const read = await super.readPositions(...given);
    this.reads += 1;
    this.#onRead(this.reads);
    return read;
  }
}

describe('a position that has moved', () => {
  it('is gone back to when nothing of the unit is on its way any more', async () => {
    const moved = deferred<void>();
    // Once in the beginning by each of both, and once by the one whose commit was refused: only then the last handler ends.
    const store = new ToldReads((reads) => {
      if (reads === 3) moved.resolve();
    });
    const other = positionBench(addOne, {}, { store, seed: 2 });
    let isFirst = true;
    const bench = positionBench(
      async (record, context) => {
        if (isFirst && record.offset === 0) await other.start(records(0, 2));
        if (isFirst && record.offset === 150) {
          isFirst = false;
          await moved.promise;
        }
        return addOne(record, context);
      },
      { commit: 'prefix' },
      { store, clock: other.clock },
    );
    expect(await bench.invoke(records(0, 160))).toEqual({ undone: [] });
    expect(effectsOf(bench)).toEqual(Array.from({ length: 160 }, () => 1));
    expect(bench.clock.pending).toBe(0);
  });

  it('ends the process all the same, of a handler that goes on', async () => {
    const store = ledgerStore();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    const bench = positionBench(
      async (record, context) => {
        if (record.offset === 1) await new Promise(() => undefined);
        await other.start(records(0, 1));
        return addOne(record, context);
      },
      { commit: 'prefix' },
      { store, clock: other.clock },
    );
    const answer = await bench.invoke(records(0, 2), 10_000);
    expect(answer).toHaveProperty('threw');
    expect(bench.observations).toContainEqual(expect.objectContaining({ type: 'handlerUnsettled' }));
  });

  it('lets nothing of the call be written that was made before', async () => {
    const store = ledgerStore();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    let isFirst = true;
    const bench = positionManyBench(
      async (given, context) => {
        await asMany(addOne)(given, context);
        const [first] = given;
        if (!isFirst || first === undefined) return;
        isFirst = false;
        await other.start(records(0, 3));
        context.fail(first, new UnprocessableRecordError('no use'));
      },
      { commit: 'prefix' },
      { store, clock: other.clock },
    );
    expect(await bench.invoke(records(0, 5))).toEqual({ undone: [] });
    expect(effectsOf(bench)).toEqual([1, 1, 1, 1, 1]);
    expect(bench.deadLetters.letters).toEqual([]);
  });

  it('has its records decoded anew: the handler may have changed what it was given', async () => {
    const store = ledgerStore();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    const seen: unknown[] = [];
    let isFirst = true;
    const bench = positionBench(
      async (record, context) => {
        seen.push(structuredClone(record.value));
        if (typeof record.value === 'object') Object.assign(record.value ?? {}, { id: 'changed' });
        if (record.offset === 1 && isFirst) {
          isFirst = false;
          await other.start(records(0, 1));
        }
        return addOne(record, context);
      },
      { commit: 'prefix' },
      { store, clock: other.clock },
    );
    const two = records(0, 2).map((record) => ({ ...record, id: `id-${record.offset}` }));
    expect(await bench.invoke(two)).toEqual({ undone: [] });
    expect(seen).toEqual([{ id: 'id-0' }, { id: 'id-1' }, { id: 'id-1' }]);
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

describe('a record of position mode that is put aside', () => {
  it('has its position committed: later it is a duplicate without its marker', async () => {
    const bench = positionBench((record, context) => (record.offset === 1 ? bad() : addOne(record, context)));
    expect(await bench.invoke(records(0, 2))).toEqual({ undone: [] });
    for (const key of bench.store.keys()) bench.store.poke(key, undefined);
    expect(await bench.invoke(records(0, 2))).toEqual({ undone: [] });
    expect(bench.deadLetters.letters).toHaveLength(1);
    expect(bench.outcomes()).toMatchObject({ 'orders-0@1': 'duplicate' });
  });

  it('while another invocation passes it is done here, and what is behind it there', async () => {
    const store = ledgerStore();
    const deadLetters = new SlowLetters();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    const bench = positionBench(
      (record, context) => (record.offset === 1 ? bad() : addOne(record, context)),
      {},
      { store, clock: other.clock, deadLetters },
    );
    deadLetters.meanwhile = () => other.start(records(0, 4));
    expect(await bench.invoke(records(0, 6))).toEqual({ undone: [] });
    expect(effectsOf(bench)).toEqual([1, 1, 1, 1, 1, 1]);
    const ended = bench.observations.flatMap((one) => (one.type === 'recordEnded' ? [one.outcome] : []));
    expect(ended).toEqual(['handled', 'deadLettered', 'duplicate', 'duplicate', 'handled', 'handled']);
  });

  it('while another invocation moves the position to a place before it is undone', async () => {
    const store = ledgerStore();
    const deadLetters = new SlowLetters();
    const other = positionBench(addOne, {}, { store, seed: 2 });
    const bench = positionBench(
      (record, context) => (record.offset === 5 ? bad() : addOne(record, context)),
      {},
      { store, clock: other.clock, deadLetters },
    );
    deadLetters.meanwhile = () => other.start([{ offset: 2 }]);
    expect(await bench.invoke([{ offset: 0 }, { offset: 5 }, { offset: 6 }])).toEqual({
      undone: ['orders-0@5', 'orders-0@6'],
    });
    expect(await bench.invoke([{ offset: 5 }, { offset: 6 }])).toEqual({ undone: [] });
    expect(Object.keys(bench.counts())).toEqual(['orders-0@0', 'orders-0@2', 'orders-0@6']);
  });
});

describe('the first record of a unit in position mode', () => {
  it('fails when the position cannot be read, and nothing is handled', async () => {
    const store = ledgerStore({ faults: (operation) => (operation === 'readPositions' ? 'throttle' : undefined) });
    const handled: true[] = [];
    const bench = positionBench(() => void handled.push(true), {}, { store });
    expect(await bench.invoke(records(0, 2))).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(handled).toEqual([]);
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed', 'orders-0@1': 'heldBack' });
  });

  it('alone is asked for its earlier attempts', async () => {
    const bench = positionManyBench(asMany(addOne));
    expect(await bench.invoke(records(0, 5))).toEqual({ undone: [] });
    expect(bench.store.count('read').items).toBe(1);
  });
});
