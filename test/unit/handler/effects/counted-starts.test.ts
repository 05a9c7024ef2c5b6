import { describe, expect, it } from 'vitest';
import type { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { ConfigurationError } from '../../../../lib/core/errors/errors.ts';
import { kafkaHandler } from '../../../../lib/handler/commit/kafka-handler.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { ledgerStore, transactionBench } from '../../../support/effect-bench.ts';
import { at } from '../../../support/handler-bench.ts';
import { type Behave, batchOf, crashAt, inFlight, type Make, modes, nothing, options, withEffect } from './crashing.ts';

describe.each(modes)('counted starts in mode %s', (mode, make) => {
  it('cost one insertion and one release a topic-partition, in one request each', async () => {
    const store = ledgerStore();
    await make(nothing, { store }).invoke(batchOf(30, 3));
    for (const operation of ['insert', 'release'] as const) {
      expect(store.count(operation)).toMatchObject({ calls: 1, items: 3 });
    }
    expect(store.count('takeOver').calls).toBe(0);
    expect(inFlight(store)).toEqual([]);
  });

  it('cost nothing where nothing is handled', async () => {
    const store = ledgerStore();
    await make(nothing, { store }).invoke(batchOf(3));
    const again = make(nothing, { store, seed: 2 });
    await again.invoke(batchOf(3));
    expect(Object.values(again.outcomes())).toEqual(['duplicate', 'duplicate', 'duplicate']);
    expect(store.count('insert').calls).toBe(1);
  });

  it('leave nothing behind a record that throws', async () => {
    const store = ledgerStore();
    const bench = make(() => Promise.reject(new Error('not now')), { store });
    expect(await bench.invoke(batchOf(1))).toEqual({ undone: ['orders-0@0'] });
    const markers = store.keys().map((key) => store.peek(key));
    expect(markers).toMatchObject([{ attempts: 1, owner: undefined }]);
  });

  it('put aside what ends the process as often as attempts are allowed, once it is alone', async () => {
    const [clock, store, deadLetters] = [new FakeClock(), ledgerStore(), new MemoryDeadLetters()];
    const batch = batchOf(3);
    const parts = { clock, store, deadLetters };
    // The first time it may have been another, as far as anybody knows.
    for (let crash = 0; crash <= 3; crash += 1) {
      expect(deadLetters.letters).toEqual([]);
      await crashAt(make, 'orders-0@1', batch, { ...parts, seed: crash + 1 });
    }
    const calls: string[] = [];
    const bench = make(
      (record) => {
        calls.push(at(record));
      },
      { ...parts, seed: 9 },
    );
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(calls).toEqual(['orders-0@2']);
    const [letter] = deadLetters.letters;
    expect(letter).toMatchObject({ record: { offset: 1 }, reason: 'attemptsExhausted', attempts: 3 });
    expect(String(letter?.error)).toContain('the last of 3 attempts ended the process');
    expect(inFlight(store)).toEqual([]);
  });

  it('count with what was thrown, and tell the handler', async () => {
    const [clock, store] = [new FakeClock(), ledgerStore()];
    const batch = batchOf(1);
    await make(() => Promise.reject(new Error('not now')), { clock, store }).invoke(batch);
    await crashAt(make, 'orders-0@0', batch, { clock, store, seed: 2 });
    await crashAt(make, 'orders-0@0', batch, { clock, store, seed: 3 });
    const attempts: unknown[] = [];
    const bench = make(
      (_, context) => {
        attempts.push(context.attempts);
      },
      { clock, store, seed: 4 },
    );
    expect(await bench.invoke(batch)).toEqual({ undone: [] });
    expect(attempts).toEqual([mode === 'position' ? undefined : 3]);
    const warnings = bench.observations.flatMap((one) => (one.type === 'warning' ? [one.message] : []));
    expect(warnings).toEqual([
      'orders-0: an earlier invocation ended without an answer: records that it may have ended at are handled alone',
      'orders-0@0: its handler ended the process: attempt 2',
    ]);
  });

  it('handle nothing that cannot be noted, and lose nothing', async () => {
    let isDown = true;
    const store = ledgerStore({ faults: (operation) => (isDown && operation === 'insert' ? 'throttle' : undefined) });
    let calls = 0;
    const handle: Behave = () => {
      calls += 1;
    };
    const bench = make(handle, { store });
    expect(await bench.invoke(batchOf(2), 10_000)).toEqual({ undone: ['orders-0@0', 'orders-0@1'] });
    expect(calls).toBe(0);
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed', 'orders-0@1': 'heldBack' });
    isDown = false;
    expect(await make(handle, { store, seed: 2 }).invoke(batchOf(2))).toEqual({ undone: [] });
    expect(calls).toBe(2);
  });

  it('stay where a handler goes on although it was told to stop: its process ends', async () => {
    const store = ledgerStore();
    const bench = make(() => new Promise(() => undefined), { store });
    await bench.invoke(batchOf(1), 10_000);
    expect(inFlight(store)).toEqual(['orders-0@0..0']);
  });

  it('call a suspect while nothing else runs', async () => {
    const [clock, store] = [new FakeClock(), ledgerStore()];
    await crashAt(make, 'orders-0@0', batchOf(1), { clock, store });
    const running = new Set<string>();
    const together: string[][] = [];
    const behave: Behave = async (record) => {
      running.add(at(record));
      together.push([...running]);
      await new Promise<void>((resolve) => clock.schedule(20, resolve));
      running.delete(at(record));
    };
    const batch = [...batchOf(1), { partition: 1, offset: 7, id: 7 }, { partition: 2, offset: 8, id: 8 }];
    expect(await make(behave, { clock, store, seed: 2 }).invoke(batch)).toEqual({ undone: [] });
    expect(together.flat()).toHaveLength(4);
    expect(together.filter((places) => places.includes('orders-0@0'))).toEqual([['orders-0@0']]);
  });

  it('count while nothing else runs', async () => {
    const clock = new FakeClock();
    const running = new Set<string>();
    const meanwhile: number[] = [];
    const store = ledgerStore({
      delay: async (operation) => {
        if (operation === 'insert') meanwhile.push(running.size);
      },
    });
    for (const seed of [1, 2]) await crashAt(make, 'orders-0@0', batchOf(1), { clock, store, seed });
    const behave: Behave = async (record) => {
      running.add(at(record));
      await new Promise<void>((resolve) => clock.schedule(20, resolve));
      running.delete(at(record));
    };
    const batch = [...batchOf(1), { partition: 1, offset: 7, id: 7 }];
    expect(await make(behave, { clock, store, seed: 3 }).invoke(batch)).toEqual({ undone: [] });
    // Each crash noted, then the other topic-partition, and the claim that counts.
    expect(meanwhile).toEqual([0, 0, 0, 0]);
  });

  it('put nothing aside that another invocation has done meanwhile', async () => {
    const [clock, deadLetters] = [new FakeClock(), new MemoryDeadLetters()];
    let isFirst = false;
    const store: MemoryStore = ledgerStore({
      delay: async (operation) => {
        if (operation !== 'insert' || !isFirst) return;
        isFirst = false;
        await make(nothing, { clock, store, seed: 8 }, { countStarts: false }).start(batchOf(1));
      },
    });
    const parts = { clock, store, deadLetters };
    for (let seed = 1; seed <= 4; seed += 1) await crashAt(make, 'orders-0@0', batchOf(1), { ...parts, seed });
    isFirst = true;
    const bench = make(nothing, { ...parts, seed: 9 });
    expect(await bench.invoke(batchOf(1))).toEqual({ undone: [] });
    expect(isFirst).toBe(false);
    expect(bench.outcomes()).toEqual({ 'orders-0@0': 'duplicate' });
    expect(deadLetters.letters).toEqual([]);
  });

  it('count one end of a process once, however many invocations find it', async () => {
    const [clock, store, deadLetters] = [new FakeClock(), ledgerStore(), new MemoryDeadLetters()];
    const parts = { clock, store, deadLetters };
    for (const seed of [1, 2]) await crashAt(make, 'orders-0@0', batchOf(1), { ...parts, seed });
    const slow: Behave = async () => await new Promise<void>((resolve) => clock.schedule(2_000, resolve));
    const answers = [3, 4, 5].map((seed) => make(slow, { ...parts, seed }).start(batchOf(1)));
    const done = { undone: [] };
    expect(await clock.runUntilSettled(Promise.all(answers))).toEqual([done, done, done]);
    expect(deadLetters.letters).toEqual([]);
  });

  it('count nothing while the item cannot be taken over, and call nobody', async () => {
    const clock = new FakeClock();
    let isDown = false;
    const store = ledgerStore({ faults: (operation) => (isDown && operation === 'takeOver' ? 'throttle' : undefined) });
    const deadLetters = new MemoryDeadLetters();
    for (const seed of [1, 2]) await crashAt(make, 'orders-0@0', batchOf(1), { clock, store, seed });
    isDown = true;
    const calls: string[] = [];
    for (const seed of [3, 4, 5, 6]) {
      const bench = make((record) => void calls.push(at(record)), { clock, store, deadLetters, seed });
      expect(await bench.invoke(batchOf(1), 10_000)).toEqual({ undone: ['orders-0@0'] });
      expect(bench.outcomes()).toEqual({ 'orders-0@0': 'failed' });
    }
    expect([calls, deadLetters.letters]).toEqual([[], []]);
  });

  it('suspect nobody who came after the crash, and hand on whom no time was left for', async () => {
    const [clock, store] = [new FakeClock(), ledgerStore()];
    await crashAt(make, 'orders-0@0', batchOf(2), { clock, store, seed: 1 });
    const slow: Behave = async () => await new Promise<void>((resolve) => clock.schedule(300, resolve));
    // Too little time for anything but the first.
    await make(slow, { clock, store, seed: 2 }).invoke(batchOf(4), 700);
    const notes = (): number => store.count('takeOver').calls;
    await make(nothing, { clock, store, seed: 3 }).invoke(batchOf(2));
    expect(inFlight(store)).toEqual([]);
    const before = notes();
    const later = batchOf(40).slice(2);
    expect(await make(nothing, { clock, store, seed: 4 }).invoke(later)).toEqual({ undone: [] });
    expect(notes()).toBe(before);
  });

  it('note no start of whom no time is left for', async () => {
    const [clock, store] = [new FakeClock(), ledgerStore()];
    const batch = batchOf(12, 12);
    await crashAt(make, 'orders-0@0', batch, { clock, store, seed: 1 });
    const before = store.count('takeOver').calls;
    const slow: Behave = async () => await new Promise<void>((resolve) => clock.schedule(20_000, resolve));
    const bench = make(slow, { clock, store, seed: 2 });
    await bench.invoke(batch, 10_000);
    // Each item is taken over, one record noted.
    expect(store.count('takeOver').calls - before).toBeLessThanOrEqual(14);
  });

  it('blame nobody while two invocations have the topic-partition', async () => {
    const [clock, store, deadLetters] = [new FakeClock(), ledgerStore(), new MemoryDeadLetters()];
    const slow: Behave = async () => await new Promise<void>((resolve) => clock.schedule(20, resolve));
    const parts = { clock, store, deadLetters };
    const answers = [1, 2, 3].map((seed) => make(slow, { ...parts, seed }).start(batchOf(6, 2)));
    expect(await clock.runUntilSettled(Promise.all(answers))).toEqual([{ undone: [] }, { undone: [] }, { undone: [] }]);
    expect(deadLetters.letters).toEqual([]);
    expect(inFlight(store)).toEqual([]);
  });
});

describe('a record that ended the process', () => {
  it.each(['each', 'prefix'] as const)('waits for those before it, commit %s', async (commit) => {
    const [clock, deadLetters] = [new FakeClock(), new MemoryDeadLetters()];
    let isDown = false;
    const store = ledgerStore({ faults: (operation) => (isDown && operation === 'commit' ? 'cutBefore' : undefined) });
    const make: Make = (behave, parts) => transactionBench(withEffect(behave), { ...options, commit }, parts);
    const parts = { clock, store, deadLetters };
    const [first, ...rest] = batchOf(3);
    for (let seed = 1; seed <= 4; seed += 1) await crashAt(make, 'orders-0@1', rest, { ...parts, seed });
    isDown = true;
    const batch = first === undefined ? [] : [first, ...rest];
    const answer = await make(nothing, { ...parts, seed: 9 }).invoke(batch, 20_000);
    expect(answer).toEqual({ undone: ['orders-0@0', 'orders-0@1', 'orders-0@2'] });
    expect(deadLetters.letters).toEqual([]);
  });
});

describe('countStarts', () => {
  const handle = (): void => undefined;
  const store = ledgerStore();
  it('needs somewhere to put dead letters', () => {
    const make = (): unknown => kafkaHandler({ mode: 'transaction', namespace: 'n', store, handle, countStarts: true });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/countStarts: needs somewhere to put dead letters/);
  });

  it('is no option of claim mode, which counts every start', () => {
    const claims: object = { namespace: 'n', store, handle, countStarts: true, deadLetters: new MemoryDeadLetters() };
    expect(() => Reflect.apply(kafkaHandler, undefined, [claims])).toThrow(/countStarts: is no option of mode 'claim'/);
  });
});
