import { describe, expect, it } from 'vitest';
import type { MemoryStore } from '../../../../lib/adapters/memory/memory-store.ts';
import { MemoryDeadLetters } from '../../../../lib/adapters/memory-dead-letters/memory-dead-letters.ts';
import { FakeClock } from '../../../../lib/testing/fake-clock.ts';
import { ledgerStore, markBench, positionBench, transactionBench } from '../../../support/effect-bench.ts';
import { at } from '../../../support/handler-bench.ts';
import { type Behave, batchOf, crashAt, inFlight, type Make, modes, nothing, options, withEffect } from './crashing.ts';

const slow =
  (clock: FakeClock, ms: number): Behave =>
  async () =>
    await new Promise<void>((resolve) => clock.schedule(ms, resolve));

describe.each(modes)('an end of the process in mode %s', (mode, make) => {
  it('is counted by one invocation, however many find it', async () => {
    const clock = new FakeClock();
    let latencyMs = 0;
    const store = ledgerStore({ delay: () => (latencyMs === 0 ? undefined : slowly(clock, latencyMs)) });
    const deadLetters = new MemoryDeadLetters();
    const parts = { clock, store, deadLetters };
    for (const seed of [1, 2]) await crashAt(make, 'orders-0@0', batchOf(1), { ...parts, seed });
    latencyMs = 20;
    const answers = [3, 4, 5].map((seed) => make(slow(clock, 3_000), { ...parts, seed }).start(batchOf(1)));
    const done = { undone: [] };
    expect(await clock.runUntilSettled(Promise.all(answers))).toEqual([done, done, done]);
    expect(deadLetters.letters).toEqual([]);
  });

  it('is not counted while its name cannot be taken out of the item, and the record is not called', async () => {
    const clock = new FakeClock();
    let isDown = false;
    let takeOvers = 0;
    const store = ledgerStore({
      faults: (operation) => {
        if (operation !== 'takeOver' || !isDown) return undefined;
        takeOvers += 1;
        return takeOvers === 1 ? undefined : 'throttle';
      },
    });
    for (const seed of [1, 2]) await crashAt(make, 'orders-0@0', batchOf(1), { clock, store, seed });
    isDown = true;
    const calls: string[] = [];
    const first = make((record) => void calls.push(at(record)), { clock, store, seed: 3 });
    expect(await first.invoke(batchOf(1), 10_000)).toEqual({ undone: ['orders-0@0'] });
    expect(calls).toEqual([]);
    isDown = false;
    const attempts: unknown[] = [];
    const second = make((_, context) => void attempts.push(context.attempts), { clock, store, seed: 4 });
    expect(await second.invoke(batchOf(1))).toEqual({ undone: [] });
    expect(attempts).toEqual([mode === 'position' ? undefined : 2]);
  });

  it('is remembered where its letter cannot be stored: the record is not called again', async () => {
    const [clock, store, deadLetters] = [new FakeClock(), ledgerStore(), new MemoryDeadLetters()];
    const parts = { clock, store, deadLetters };
    for (const seed of [1, 2, 3, 4]) await crashAt(make, 'orders-0@0', batchOf(1), { ...parts, seed });
    const calls: string[] = [];
    const note: Behave = (record) => void calls.push(at(record));
    deadLetters.fault = 'refuse';
    for (const seed of [5, 6]) {
      const answer = await make(note, { ...parts, seed }).invoke(batchOf(1), 10_000);
      expect(answer).toEqual({ undone: ['orders-0@0'] });
    }
    deadLetters.fault = undefined;
    expect(await make(note, { ...parts, seed: 7 }).invoke(batchOf(1))).toEqual({ undone: [] });
    expect(deadLetters.letters).toHaveLength(1);
    expect(calls).toEqual([]);
  });
});

const ahead: readonly (readonly [string, Make])[] = [
  ['transaction', (behave, parts) => transactionBench(withEffect(behave), { ...options, commit: 'prefix' }, parts)],
  ['position', (behave, parts) => positionBench(withEffect(behave), { ...options, commit: 'prefix' }, parts)],
  ['mark', (behave, parts) => markBench(behave, options, parts)],
];

describe.each(ahead)('suspects in mode %s, whose handlers run ahead', (_, make) => {
  const notesOf = async (store: MemoryStore, run: () => Promise<unknown>): Promise<number> => {
    const before = store.count('takeOver').calls;
    await run();
    return store.count('takeOver').calls - before;
  };

  it('are those of the batch that ended: what came later is called in company', async () => {
    const [clock, store] = [new FakeClock(), ledgerStore()];
    await crashAt(make, 'orders-0@1', batchOf(2), { clock, store, seed: 1 });
    const notes = await notesOf(store, () => make(nothing, { clock, store, seed: 2 }).invoke(batchOf(40)));
    // The item taken over, and two records noted before and after.
    expect(notes).toBe(5);
    expect(inFlight(store)).toEqual([]);
  });

  it('for whom no time was left are handed on, and nobody else', async () => {
    const [clock, store] = [new FakeClock(), ledgerStore()];
    await crashAt(make, 'orders-0@1', batchOf(2), { clock, store, seed: 1 });
    await make(slow(clock, 9_050), { clock, store, seed: 2 }).invoke(batchOf(40), 10_000);
    expect(inFlight(store)).toEqual(['orders-0@0..1']);
    const notes = await notesOf(store, () => make(nothing, { clock, store, seed: 3 }).invoke(batchOf(40)));
    expect(notes).toBe(3);
    expect(inFlight(store)).toEqual([]);
  });
});

async function slowly(clock: FakeClock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => clock.schedule(ms, resolve));
}
